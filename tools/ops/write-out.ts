import type { Writable } from "node:stream";

/** Writes line by line, no faster than they are read at the other end. */
export async function writeLines(lines: AsyncIterable<string>, out: Writable): Promise<void> {
  for await (const line of lines) {
    if (!out.write(line)) await written(out);
  }
}

/** Resolves once all that was written has gone out, or nobody reads it any more. */
export function written(out: Writable): Promise<void> {
  return new Promise((done) => out.write("", () => done()));
}
