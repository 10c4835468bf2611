import { isAhead, readRfc3339 } from "../runtime/sender-time.ts";
import { singleLine } from "../text/text.ts";

/** Our instances' own clocks differ by no more: a time that is so far ahead is taken as it is. */
const OWN_SKEW_MS = 5000;
const MAX_TITLE_LENGTH = 100;

/** The time that counts for a sale, and what its seller said where that is another. */
export interface SaleTime {
  readonly soldAtMs: number;
  readonly notifiedAtMs?: number;
}

/**
 * When a sale was made, as its seller says; when we received it, where that is ahead of us. Undefined when
 * it is more than five minutes ahead: such a sale would be shared among windows that nobody has opened yet,
 * so that people have to look at it.
 */
export function saleTime(told: Date, heardAt: Date): SaleTime | undefined {
  const notifiedAtMs = told.getTime();
  if (isAhead(notifiedAtMs, heardAt.getTime())) return undefined;
  const aheadMs = notifiedAtMs - heardAt.getTime();
  return aheadMs > OWN_SKEW_MS
    ? { soldAtMs: heardAt.getTime(), notifiedAtMs }
    : { soldAtMs: notifiedAtMs };
}

/** The same for a time that is written with its zone: "2026-11-21T18:00:00-05:00". */
export function readSaleTime(text: string, heardAt: Date): SaleTime | undefined {
  const notifiedAtMs = readRfc3339(text);
  return notifiedAtMs === undefined ? undefined : saleTime(new Date(notifiedAtMs), heardAt);
}

/** What was bought, on one line that is not too long. */
export function saleTitle(text: string): string {
  const line = singleLine(text);
  const characters = [...line];
  if (characters.length <= MAX_TITLE_LENGTH) return line;
  return `${characters.slice(0, MAX_TITLE_LENGTH - 1).join("")}…`;
}
