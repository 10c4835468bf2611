/** `name = value` on one line, not one that only begins a longer value. */
const ARGUMENT = /^(\s*)("?[\w-]+"?)(\s+)= .*[^{[(]$/;

/**
 * The numbers of lines that `terraform fmt` would lay out in another way: equals signs of neighbours
 * that are not below each other, odd indentation, tabs, blanks at the end. Not all that it does, but
 * what a person gets wrong.
 */
export function unaligned(text: string): number[] {
  const lines = text.split("\n");
  const wrong = new Set<number>();
  let group: { readonly number: number; readonly indent: string; readonly column: number }[] = [];
  const closeGroup = () => {
    if (new Set(group.map(({ column }) => column)).size > 1) {
      for (const { number } of group) wrong.add(number);
    }
    group = [];
  };
  for (const [index, line] of lines.entries()) {
    const number = index + 1;
    const isPlain = /^(?: {2})*(?:\S.*)?$/.test(line) && !line.includes("\t");
    if (!isPlain || /\s$/.test(line)) wrong.add(number);
    const [, indent, name = "", space = ""] = ARGUMENT.exec(line) ?? [];
    if (indent === undefined) closeGroup();
    else {
      if (group.some((other) => other.indent !== indent)) closeGroup();
      group.push({ number, indent, column: indent.length + name.length + space.length });
    }
  }
  closeGroup();
  return [...wrong].sort((one, other) => one - other);
}
