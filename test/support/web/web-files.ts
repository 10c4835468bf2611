import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const read = (name: string) => readFileSync(new URL(`../../web/${name}`, import.meta.url));

/** The version at the end of a file's address on the site; it changes with the file. */
export function versionOf(name: string): string {
  return createHash("sha256").update(read(name)).digest("hex").slice(0, 8);
}

/** The scripts that a script imports, each with the version that its address names. */
export function importsOf(name: string): [name: string, version: string][] {
  const found = read(name)
    .toString()
    .matchAll(/from "\.\/([\w-]+\.js)\?v=(\w+)"/g);
  return [...found].map(([, imported = "", version = ""]) => [imported, version]);
}
