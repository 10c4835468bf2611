import { relativeTime } from "../discord/theme.ts";
import { type Limit, type LimitName, limits, MAX_OPEN_RESERVATIONS } from "./limits.ts";

const HOUR_MS = 3_600_000;

/** A limit in words: "20 reservations an hour". */
export function limitInWords(name: LimitName): string {
  const { most, of, windowMs }: Limit = limits[name];
  return `${most} ${of} ${windowInWords(windowMs)}`;
}

function windowInWords(windowMs: number): string {
  if (windowMs === HOUR_MS) return "an hour";
  if (windowMs === 24 * HOUR_MS) return "a day";
  return `in ${windowMs / 60_000} minutes`;
}

/** Why a use is not allowed now, and when it will be; `retryAt` is undefined if Redis is unavailable. */
export function limitText(name: LimitName, retryAt: Date | undefined): string {
  return retryAt
    ? `That's the limit: each person has ${limitInWords(name)}. Please try again ${relativeTime(retryAt)}.`
    : `I can't check right now how many ${limits[name].of} you have had, so nothing has changed. Please try again in a minute.`;
}

/** The answer to someone who has as many unpaid reservations as one person may have. */
export function tooManyOpenText(retryAt: Date | undefined): string {
  const next = retryAt
    ? `The first of them ends ${relativeTime(retryAt)}.`
    : "One is free again as soon as a bank has accepted or refused its payment.";
  return `You have ${MAX_OPEN_RESERVATIONS} reservations that aren't paid yet, and that's the limit for one person. Pay for one or give one back, then press Buy Now again: \`/c500 profile\` lists them. ${next}`;
}

/** The answer to someone whose Discord account is younger than this server's minimum. */
export function tooYoungText(until: Date | undefined, minDays: number): string {
  const when = until ? ` Yours will be ${relativeTime(until)}.` : "";
  return `To buy and bid here, your Discord account has to be ${minDays} days old.${when}`;
}
