import { Spoiler, WebLink } from "./markdown.tsx";

/** A file of a message. */
export interface Attachment {
  readonly id: string;
  readonly filename: string;
  readonly url: string;
  readonly size: number;
  readonly content_type?: string;
  readonly description?: string;
}

const KILOBYTE = 1_024;

function sizeOf(bytes: number): string {
  if (bytes < KILOBYTE) return `${bytes} bytes`;
  if (bytes < KILOBYTE * KILOBYTE) return `${(bytes / KILOBYTE).toFixed(1)} kB`;
  return `${(bytes / KILOBYTE / KILOBYTE).toFixed(1)} MB`;
}

/** A picture, or a file to download. */
export function AttachmentView({ file }: { readonly file: Attachment }) {
  if (file.content_type?.startsWith("image/")) {
    const picture = <Picture url={file.url} description={file.description ?? file.filename} />;
    return file.filename.startsWith("SPOILER_") ? <Spoiler>{picture}</Spoiler> : picture;
  }
  return (
    <p class="file">
      <WebLink url={file.url}>{file.filename}</WebLink>{" "}
      <span class="quiet">{sizeOf(file.size)}</span>
    </p>
  );
}

/** A picture that opens in a new tab. One that is not on this machine is named instead: the studio loads nothing else. */
export function Picture({
  url,
  description,
  ...rest
}: {
  readonly url: string;
  readonly description?: string | undefined;
  readonly class?: string;
}) {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return (
    <WebLink url={url} class="picture">
      {host === location.hostname || host === "127.0.0.1" ? (
        <img {...rest} src={url} alt={description ?? ""} loading="lazy" />
      ) : (
        <span class="elsewhere quiet">Picture at {host}</span>
      )}
    </WebLink>
  );
}

/** The address of what `attachment://NAME` names, among the message's files. */
export function mediaUrl(url: string, files: readonly Attachment[]): string {
  const name = /^attachment:\/\/(.+)$/.exec(url)?.[1];
  return name === undefined ? url : (files.find((file) => file.filename === name)?.url ?? "");
}
