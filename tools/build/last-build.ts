import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Built } from "./build-function.ts";
import { PROJECT } from "./bundle.ts";

const FILE = join(PROJECT, "dist/last-build.json");

/** What a build came to: a function's sizes, and its cold start where that was measured. */
export interface Measured extends Built {
  readonly coldStartMs?: number;
}

/** The last build of each function, by its name. */
export type LastBuild = Readonly<Record<string, Measured>>;

/** Reads what the builds before this one came to; nothing where there was none. */
export function readLastBuild(): LastBuild {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as LastBuild) : {};
}

/** Keeps this build for the next one. A cold start that was not measured now stays as it was. */
export function keepBuild(before: LastBuild, built: readonly Measured[]): void {
  const now = built.map((measured) => [measured.name, { ...before[measured.name], ...measured }]);
  writeFileSync(FILE, `${JSON.stringify({ ...before, ...Object.fromEntries(now) }, null, 2)}\n`);
}
