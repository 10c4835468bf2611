import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

interface Header {
  readonly key: string;
  readonly value: string;
}

/**
 * The part of firebase.json that Hosting reads:
 * https://firebase.google.com/docs/hosting/full-config
 */
interface HostingConfiguration {
  readonly public: string;
  readonly headers: readonly { readonly source: string; readonly headers: readonly Header[] }[];
  readonly redirects: readonly {
    readonly source: string;
    readonly destination: string;
    readonly type: number;
  }[];
  readonly rewrites: readonly {
    readonly source: string;
    readonly run: { readonly serviceId: string; readonly region: string };
  }[];
}

const root = new URL("../../../", import.meta.url);

/** Reads the file that also configures production's Hosting. */
export function readConfiguration(): HostingConfiguration {
  const file = readFileSync(new URL("firebase.json", root), "utf8");
  return (JSON.parse(file) as { hosting: HostingConfiguration }).hosting;
}

/** The folder of the static files. */
export function publicFolder(configuration: HostingConfiguration): string {
  return fileURLToPath(new URL(configuration.public, root));
}

/** Where a path is redirected to, if it is: the first matching rule. */
export function redirectAt({ redirects }: HostingConfiguration, path: string) {
  return redirects.find(({ source }) => isMatch(path, source));
}

/** The function to which a path is rewritten: the first matching rule. */
export function functionAt(configuration: HostingConfiguration, path: string): string | undefined {
  return configuration.rewrites.find(({ source }) => isMatch(path, source))?.run.serviceId;
}

/** The headers for a static file's path; the last of all matching rules wins. */
export function headersAt(configuration: HostingConfiguration, path: string): readonly Header[] {
  return configuration.headers
    .filter(({ source }) => isMatch(path, source))
    .flatMap(({ headers }) => headers);
}

/** Hosting's globs also match names that begin with a dot. */
function isMatch(path: string, source: string): boolean {
  return source === "**" || posix.matchesGlob(path, source);
}
