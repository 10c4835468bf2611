/** What a terminal would act on: control characters except tab and newline, and characters that reverse text. */
const UNPRINTABLE = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Makes others' text safe to print on a terminal; JSON stays the same JSON. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Others' text on one line, shortened to `maxLength`. */
export function oneLine(text: string, maxLength: number): string {
  const characters = Array.from(text.replace(/\s+/g, " ").trim());
  if (characters.length <= maxLength) return characters.join("");
  return `${characters.slice(0, maxLength - 1).join("")}…`;
}

/** Rows below their headings, each column as wide as its widest cell; numbers are aligned to the right. */
export function table(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  isNumber: (column: number) => boolean = () => false,
): string[] {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) =>
    all.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0),
  );
  const pad = (cell: string, column: number) =>
    isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return all.map((row) => row.map(pad).join("  ").trimEnd());
}

/** A moment, in UTC. */
export function utc(time: Date): string {
  return time.toISOString().slice(0, 19).replace("T", " ");
}
