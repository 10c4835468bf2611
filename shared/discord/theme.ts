import { severalLines, singleLine } from "../text/text.ts";

/** The cozy pastel colours of C500's embeds. */
export const colours = {
  lavender: 0xcdb4db,
  mint: 0xb5ead7,
  peach: 0xffc8a2,
  rose: 0xffafcc,
  sky: 0xbde0fe,
  /** Pots and wallets. */
  gold: 0xf2b705,
} as const;

/**
 * Someone else's text on one line of at most `maxLength` characters, without characters that are invisible or change
 * the direction of the following text.
 */
export function oneLine(text: string, maxLength: number): string {
  const characters = Array.from(singleLine(text));
  if (characters.length <= maxLength) return characters.join("");
  return `${characters.slice(0, maxLength - 1).join("")}…`;
}

/** Someone else's text on one line, with formatting and links escaped. */
export function plain(text: string, maxLength: number): string {
  return oneLine(text, maxLength)
    .replace(/[\\`*_~|<>[\]()]/g, "\\$&")
    .replace(/^[-#+]/, "\\$&")
    .replace(/:\/\//g, ":\u200b//");
}

/** The same for several lines: as many whole lines as fit. */
export function plainLines(text: string, maxLength: number): string {
  const kept: string[] = [];
  let left = maxLength;
  for (const line of severalLines(text).split("\n")) {
    const shown = plain(line, maxLength);
    if (shown.length > left) return [...kept, "…"].join("\n");
    kept.push(shown);
    left -= shown.length + 1;
  }
  return kept.join("\n");
}

/** A time that Discord shows to everyone relative to now: "in 30 minutes". */
export function relativeTime(time: Date): string {
  return `<t:${Math.floor(time.getTime() / 1000)}:R>`;
}

/** A time that Discord shows to everyone in their own time zone, and relative to now. */
export function fullTime(time: Date): string {
  return `<t:${Math.floor(time.getTime() / 1000)}:F> (${relativeTime(time)})`;
}
