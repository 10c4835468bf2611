import { oneLine } from "../discord/theme.ts";
import { severalLines } from "../text/text.ts";

/** Someone else's text on one line, which cannot change the direction of the text around it. */
export function plainLine(text: string, maxLength: number): string {
  return oneLine(text, maxLength);
}

/** Someone else's text with its line breaks; several empty lines become one. */
export function plainText(text: string): string {
  return severalLines(text).replace(/\n\s*\n/g, "\n\n");
}

const dayFormat = new Intl.DateTimeFormat("en-US", { dateStyle: "long", timeZone: "UTC" });

/** "December 5, 2026", in UTC. */
export function dayOf(time: Date): string {
  return dayFormat.format(time);
}

/** "14:05 UTC": a page without scripts does not know its reader's time zone. */
export function timeOfDay(time: Date): string {
  return `${time.toISOString().slice(11, 16)} UTC`;
}

/** "December 5, 2026, 14:05:30 UTC". */
export function momentOf(time: Date): string {
  return `${dayOf(time)}, ${time.toISOString().slice(11, 19)} UTC`;
}

/** The remaining time as a countdown shows it: "4:05", "1:04:05", "2 d 1:04:05". */
export function countdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const two = (number: number) => String(number).padStart(2, "0");
  const [days, hours] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24];
  const [minutes, rest] = [Math.floor(seconds / 60) % 60, two(seconds % 60)];
  if (days > 0) return `${days} d ${hours}:${two(minutes)}:${rest}`;
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}
