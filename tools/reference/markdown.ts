/** One generated page: where it goes, and what it says. */
export interface ReferencePage {
  readonly path: string;
  readonly text: string;
}

/** A page with its heading, what it is generated from, and its parts. */
export function page(title: string, source: string, parts: readonly string[]): string {
  const origin = `<!-- Generated from ${source} by ./dev docs. Changes made here are lost. -->`;
  return `${[origin, `# ${title}`, ...parts].join("\n\n")}\n`;
}

/** A table whose columns are as wide as their widest cell, as the formatter has them. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map(oneLine));
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => Array.from(row[column] ?? "").length), 3),
  );
  const [head = "", ...body] = cells.map(
    (row) => `| ${row.map((cell, column) => padded(cell, widths[column] ?? 0)).join(" | ")} |`,
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [head, rule, ...body].join("\n");
}

/** Names as code, separated by commas. */
export function named(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}

/** A text as a sentence; an address at its beginning stays as it is. */
export function sentence(text: string): string {
  const isAddress = /^[a-z]+:\/\//.test(text);
  const capital = isAddress ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

/** A cell holds one line, and no bar that would end it. */
function oneLine(cell: string): string {
  return cell.replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
}

function padded(cell: string, width: number): string {
  return cell + " ".repeat(width - Array.from(cell).length);
}
