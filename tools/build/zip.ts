import { zipSync } from "fflate";
import type { BuiltFile } from "./bundle.ts";

/** The format counts from 1980, in local time: this is the same bytes in every time zone. */
const NO_TIME = new Date(1980, 0, 1, 12);

/**
 * Packs files in the order given. The same files give the same bytes, on every machine: they carry
 * no time, no owner and no mode, and the packing is the library's own, not the system's.
 */
export function zip(files: readonly BuiltFile[]): Uint8Array {
  const entries = files.map(({ path, contents }) => [path, contents] as const);
  return zipSync(Object.fromEntries(entries), { mtime: NO_TIME, level: 9 });
}
