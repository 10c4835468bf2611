import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FunctionName } from "../../functions/manifest.ts";
import { type BuiltFile, bundle, entryOf, PROJECT } from "./bundle.ts";
import { zip } from "./zip.ts";

/** A function as it lies in `dist/`. */
export interface Built {
  readonly name: string;
  /** What Node may load: all scripts, without their source maps. */
  readonly codeBytes: number;
  /** What is uploaded: everything, packed. */
  readonly zipBytes: number;
  /** Of the packed file: another one exactly when anything in it is another. */
  readonly sha256: string;
}

/** Bundles a function as it is deployed into `dist/<name>/` and packs it as `dist/<name>.zip`. */
export function buildFunction(name: FunctionName): Promise<Built> {
  return buildEntry(name, entryOf(name));
}

/** The same for any entry's text, under a name of its own. */
export async function buildEntry(name: string, entry: string): Promise<Built> {
  const files = await writeEntry(name, entry);
  const packed = zip(files);
  writeFileSync(`${folderOf(name)}.zip`, packed);
  return {
    name,
    codeBytes: bytesOf(files.filter(({ path }) => path.endsWith(".js"))),
    zipBytes: packed.length,
    sha256: createHash("sha256").update(packed).digest("hex"),
  };
}

/** Bundles an entry into `dist/<name>/`, from where it can be started, and gives what it wrote. */
export async function writeEntry(name: string, entry: string): Promise<readonly BuiltFile[]> {
  const files = await bundle(name, entry);
  const folder = folderOf(name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of files) writeFileSync(join(folder, path), contents);
  return files;
}

function folderOf(name: string): string {
  return join(PROJECT, "dist", name);
}

function bytesOf(files: readonly BuiltFile[]): number {
  return files.reduce((sum, { contents }) => sum + contents.length, 0);
}
