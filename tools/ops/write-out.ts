import type { Writable } from "node:stream";

/** Writes line by line, no faster than the reader takes them. */
export async function writeLines(lines: AsyncIterable<string>, out: Writable): Promise<void> {
  for await (const line of lines) {
    if (!out.write(line)) await written(out);
  }
}

/** Resolves once everything written has been flushed, or the reader has gone. */
export function written(out: Writable): Promise<void> {
  return new Promise((done) => out.write("", () => done()));
}
