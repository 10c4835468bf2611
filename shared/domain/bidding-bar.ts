import { COUNTED_MS } from "./auction.ts";

const DAY_MS = 24 * 3_600_000;

/** How long a bar lasts, in days: the automatic one always, one of the team's unless they say. */
export const BAR_DAYS = COUNTED_MS / DAY_MS;
/** The longest bar. Each ends: one without an end would keep its person from being forgotten for good. */
export const MAX_BAR_DAYS = 365;

/** This many unpaid wins within the time they count bar their bidder. */
export const MOST_UNPAID = 2;

/** Keeps someone from bidding until a moment. */
export interface BiddingBar {
  readonly until: Date;
  /** Why the team did it; undefined where two unpaid wins did, which builders may lift as well. */
  readonly reason: string | undefined;
}

/** When a bar ends that begins at a moment. */
export function barEnd(from: Date, days: number = BAR_DAYS): Date {
  return new Date(from.getTime() + days * DAY_MS);
}
