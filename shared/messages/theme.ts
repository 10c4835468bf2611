/** The cozy pastel colours of C500's embeds. */
export const colours = {
  lavender: 0xcdb4db,
  mint: 0xb5ead7,
  peach: 0xffc8a2,
  rose: 0xffafcc,
} as const;

/** Someone else's text on one line: no control characters, at most `maxLength` characters. */
export function oneLine(text: string, maxLength: number): string {
  const characters = Array.from(text.replace(/\p{Cc}+/gu, " ").trim());
  if (characters.length <= maxLength) return characters.join("");
  return `${characters.slice(0, maxLength - 1).join("")}…`;
}
