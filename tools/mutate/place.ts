/** One change to a file, which the file's tests should detect. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A place in a file that can be changed in one or more ways. */
export interface Place {
  /** The file's path, relative to the project's folder. */
  readonly file: string;
  readonly changes: readonly Change[];
}

/** One change, applied to its file. */
export interface Mutation {
  readonly file: string;
  /** The number of its first line, starting at 1. */
  readonly line: number;
  /** The affected lines before and after the change. */
  readonly before: string;
  readonly after: string;
  /** The whole file after the change. */
  readonly content: string;
}

/** A change that no test can detect, because it does not alter what the program does. */
export interface Equivalent {
  readonly file: string;
  /** The lines before and after, without their indentation. */
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** Applies a change to its file. */
export function mutationOf(file: string, source: string, { start, end, text }: Change): Mutation {
  const from = source.lastIndexOf("\n", start - 1) + 1;
  const newline = source.indexOf("\n", end);
  const to = newline < 0 ? source.length : newline;
  const head = source.slice(from, start);
  const tail = source.slice(end, to);
  return {
    file,
    line: source.slice(0, start).split("\n").length,
    before: unindented(source.slice(from, to)),
    after: unindented(`${head}${text}${tail}`),
    content: `${source.slice(0, start)}${text}${source.slice(end)}`,
  };
}

/** Whether a mutation is a known equivalent one; line numbers do not count. */
export function isSame(mutation: Mutation, known: Equivalent): boolean {
  const { file, before, after } = mutation;
  return file === known.file && before === known.before && after === known.after;
}

function unindented(lines: string): string {
  return lines
    .split("\n")
    .map((line) => line.trim())
    .join("\n");
}
