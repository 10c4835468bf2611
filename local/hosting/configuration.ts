import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

interface Header {
  readonly key: string;
  readonly value: string;
}

/** The part of firebase.json that Hosting reads. https://firebase.google.com/docs/hosting/full-config */
interface HostingConfiguration {
  readonly public: string;
  readonly headers: readonly { readonly source: string; readonly headers: readonly Header[] }[];
  readonly rewrites: readonly {
    readonly source: string;
    readonly run: { readonly serviceId: string; readonly region: string };
  }[];
}

const root = new URL("../../", import.meta.url);

/** Reads what the real Hosting is deployed with. */
export function readConfiguration(): HostingConfiguration {
  const file = readFileSync(new URL("firebase.json", root), "utf8");
  return (JSON.parse(file) as { hosting: HostingConfiguration }).hosting;
}

/** Where the static files are. */
export function publicFolder(configuration: HostingConfiguration): string {
  return fileURLToPath(new URL(configuration.public, root));
}

/** The function a path is rewritten to: the first rule that fits. */
export function functionAt(configuration: HostingConfiguration, path: string): string | undefined {
  return configuration.rewrites.find(({ source }) => isMatch(path, source))?.run.serviceId;
}

/** The headers a path's static file is given: of all rules that fit, the last one wins. */
export function headersAt(configuration: HostingConfiguration, path: string): readonly Header[] {
  return configuration.headers
    .filter(({ source }) => isMatch(path, source))
    .flatMap(({ headers }) => headers);
}

/** Hosting's globs match names that begin with a dot, too. */
function isMatch(path: string, source: string): boolean {
  return source === "**" || posix.matchesGlob(path, source);
}
