import { isAhead, readRfc3339 } from "../runtime/sender-time.ts";
import { singleLine } from "../text/text.ts";

/** Our instances' clocks differ by at most this much: a time that is this far ahead is accepted as it is. */
const OWN_SKEW_MS = 5000;
const MAX_TITLE_LENGTH = 100;

/** The time that counts for a sale, and the provider's time if it differs. */
export interface SaleTime {
  readonly soldAtMs: number;
  readonly notifiedAtMs?: number;
}

/**
 * When a sale was made: the provider's time, or the time at which we received it if the provider's is ahead.
 * Undefined if the provider's time is more than five minutes ahead: such a sale would be shared among windows that
 * nobody has opened yet, so people have to look at it.
 */
export function saleTime(reportedAt: Date, receivedAt: Date): SaleTime | undefined {
  const notifiedAtMs = reportedAt.getTime();
  if (isAhead(notifiedAtMs, receivedAt.getTime())) return undefined;
  const aheadMs = notifiedAtMs - receivedAt.getTime();
  return aheadMs > OWN_SKEW_MS
    ? { soldAtMs: receivedAt.getTime(), notifiedAtMs }
    : { soldAtMs: notifiedAtMs };
}

/** Parses a time with its zone, such as "2026-11-21T18:00:00-05:00", and applies `saleTime`. */
export function readSaleTime(text: string, receivedAt: Date): SaleTime | undefined {
  const notifiedAtMs = readRfc3339(text);
  return notifiedAtMs === undefined ? undefined : saleTime(new Date(notifiedAtMs), receivedAt);
}

/** The title of what was bought, on one line of limited length. */
export function saleTitle(text: string): string {
  const line = singleLine(text);
  const characters = [...line];
  if (characters.length <= MAX_TITLE_LENGTH) return line;
  return `${characters.slice(0, MAX_TITLE_LENGTH - 1).join("")}…`;
}
