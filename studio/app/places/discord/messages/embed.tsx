import { type Attachment, mediaUrl, Picture } from "./attachment.tsx";
import { Markdown, WebLink } from "./markdown.tsx";
import { SentAt } from "./time.tsx";

/** https://discord.com/developers/docs/resources/message#embed-object */
export interface Embed {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly url?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly color?: number | undefined;
  readonly author?: { readonly name: string; readonly url?: string | undefined } | undefined;
  readonly footer?: { readonly text: string } | undefined;
  readonly image?: { readonly url: string } | undefined;
  readonly thumbnail?: { readonly url: string } | undefined;
  readonly fields?:
    | readonly {
        readonly name: string;
        readonly value: string;
        readonly inline?: boolean | undefined;
      }[]
    | undefined;
}

/** A colour as CSS writes it. */
export function cssColour(colour: number | null | undefined): string | undefined {
  return colour === undefined || colour === null
    ? undefined
    : `#${colour.toString(16).padStart(6, "0")}`;
}

/** A message's embed. */
export function EmbedView({
  embed,
  files,
}: {
  readonly embed: Embed;
  readonly files: readonly Attachment[];
}) {
  const { title, description, url, author, footer, image, thumbnail, timestamp } = embed;
  const name = title && <Markdown only="inline" text={title} />;
  const colour = cssColour(embed.color);
  return (
    <article class="embed" style={colour ? { borderInlineStartColor: colour } : {}}>
      <div class="embed-main">
        {author && (
          <p class="embed-author">
            {author.url ? <WebLink url={author.url}>{author.name}</WebLink> : author.name}
          </p>
        )}
        {name && <p class="embed-title">{url ? <WebLink url={url}>{name}</WebLink> : name}</p>}
        {description && <Markdown text={description} />}
        {embed.fields && embed.fields.length > 0 && (
          <dl class="embed-fields">
            {embed.fields.map((field, index) => (
              <div key={index} class={field.inline ? "inline" : ""}>
                <dt>
                  <Markdown only="inline" text={field.name} />
                </dt>
                <dd>
                  <Markdown text={field.value} />
                </dd>
              </div>
            ))}
          </dl>
        )}
        {image && <Picture class="embed-image" url={mediaUrl(image.url, files)} />}
        {(footer || timestamp) && (
          <p class="embed-footer">
            {footer?.text}
            {footer && timestamp && " • "}
            {timestamp && <SentAt iso={timestamp} />}
          </p>
        )}
      </div>
      {thumbnail && <Picture class="embed-thumbnail" url={mediaUrl(thumbnail.url, files)} />}
    </article>
  );
}
