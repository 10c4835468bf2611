/** Compiles Redis's glob patterns (`*`, `?`, `[a-c]`, `[^x]`, `\*`) to a test of byte strings. */
export function globMatcher(pattern: string): (text: string) => boolean {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === "*") source += "[^]*";
    else if (char === "?") source += "[^]";
    else if (char === "\\" && at + 1 < pattern.length) source += literal(pattern.charAt(++at));
    else if (char === "[") {
      const end = classEnd(pattern, at + 1);
      source += characterClass(pattern.slice(at + 1, end));
      at = end;
    } else source += literal(char);
  }
  const expression = new RegExp(`^${source}$`);
  return (text) => expression.test(text);
}

function classEnd(pattern: string, from: number): number {
  for (let at = from; at < pattern.length; at++) {
    if (pattern.charAt(at) === "\\") at++;
    else if (pattern.charAt(at) === "]") return at;
  }
  return pattern.length;
}

function characterClass(content: string): string {
  const negated = content.startsWith("^");
  let members = "";
  for (let at = negated ? 1 : 0; at < content.length; at++) {
    if (content.charAt(at) === "\\" && at + 1 < content.length) {
      members += literal(content.charAt(++at));
    } else if (content.charAt(at + 1) === "-" && at + 2 < content.length) {
      const ends = [content.charAt(at), content.charAt(at + 2)].sort();
      members += ends.map(literal).join("-");
      at += 2;
    } else members += literal(content.charAt(at));
  }
  if (members === "") return negated ? "[^]" : "(?!)";
  return `[${negated ? "^" : ""}${members}]`;
}

function literal(char: string): string {
  return /\w/.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
