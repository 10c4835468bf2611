import { oneLine } from "../../shared/messages/theme.ts";

/** Characters that turn the direction of whatever follows: https://unicode.org/reports/tr9/ */
const DIRECTION_OVERRIDES = /[\u202A-\u202E\u2066-\u2069]/gu;
const CONTROLS_IN_A_LINE = /(?!\n)\p{Cc}/gu;

/** Someone else's text on one line, which can not turn the text around it. */
export function plainLine(text: string, maxLength: number): string {
  return oneLine(text.replace(DIRECTION_OVERRIDES, "").replace(/\s+/g, " "), maxLength);
}

/** Someone else's text with its line breaks, at most one empty line between two others. */
export function plainText(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(DIRECTION_OVERRIDES, "")
    .replace(CONTROLS_IN_A_LINE, " ")
    .replace(/\n\s*\n/g, "\n\n")
    .trim();
}

const dayFormat = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });

/** "December 5, 2026", by UTC. */
export function dayOf(time: Date): string {
  return dayFormat.format(time);
}

/** "14:05 UTC": a page without a script does not know its reader's clock. */
export function timeOfDay(time: Date): string {
  return `${time.toISOString().slice(11, 16)} UTC`;
}
