/** One change to a file that its tests should notice. */
export interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A place in a file that can be changed, in one way or several. */
export interface Place {
  /** Its file, from the project's folder. */
  readonly file: string;
  readonly changes: readonly Change[];
}

/** One change, and the file with it. */
export interface Mutation {
  readonly file: string;
  /** Of its first line, from 1. */
  readonly line: number;
  /** The lines that it changes as they are now, and as they would be. */
  readonly before: string;
  readonly after: string;
  /** The whole file with the change. */
  readonly content: string;
}

/** A change for which nobody can write a test, because it does not alter what the program does. */
export interface Equivalent {
  readonly file: string;
  /** The lines as they are and as they would be, without their indentation. */
  readonly before: string;
  readonly after: string;
  readonly reason: string;
}

/** What a change makes of its file. */
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

/** Whether a mutation is the one that is kept as equivalent; line numbers do not count. */
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
