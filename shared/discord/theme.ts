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
 * Someone else's text on one line, at most `maxLength` characters, none of which is invisible or turns the
 * direction of what follows.
 */
export function oneLine(text: string, maxLength: number): string {
  const characters = Array.from(singleLine(text));
  if (characters.length <= maxLength) return characters.join("");
  return `${characters.slice(0, maxLength - 1).join("")}…`;
}

/** Someone else's text on one line; what would format it, or make a link of it, is made harmless. */
export function plain(text: string, maxLength: number): string {
  return oneLine(text, maxLength)
    .replace(/[\\`*_~|<>[\]()]/g, "\\$&")
    .replace(/^[-#+]/, "\\$&")
    .replace(/:\/\//g, ":\u200b//");
}

/** The same over several lines, as many whole ones as there is room for. */
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

/** A moment as Discord shows it to everyone in their own time zone: "in 30 minutes". */
export function relativeTime(time: Date): string {
  return `<t:${Math.floor(time.getTime() / 1000)}:R>`;
}
