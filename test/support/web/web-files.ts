import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const WEB = new URL("../../../web/", import.meta.url);

const read = (path: string) => readFileSync(new URL(path, WEB));

/** The version at the end of a file's address on the site; it changes with the file. */
export function versionOf(path: string): string {
  return createHash("sha256").update(read(path)).digest("hex").slice(0, 8);
}

/** The scripts that a script imports, each with the version that its address names. */
export function importsOf(path: string): [path: string, version: string][] {
  const found = read(path)
    .toString()
    .matchAll(/from "(\.[\w/.-]+\.js)\?v=(\w+)"/g);
  return [...found].map(([, imported = "", version = ""]) => {
    const { pathname } = new URL(imported, `file:///${path}`);
    return [pathname.slice(1), version];
  });
}
