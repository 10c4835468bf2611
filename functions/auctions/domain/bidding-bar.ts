import { COUNTED_MS } from "./auction.ts";

const DAY_MS = 24 * 3_600_000;

/** The length in days of an automatic bar, and the default for a bar by the team. */
export const BAR_DAYS = COUNTED_MS / DAY_MS;
/** The longest bar. Every bar ends: otherwise its person could never be forgotten. */
export const MAX_BAR_DAYS = 365;

/** This many unpaid wins that still count bar their bidder. */
export const MOST_UNPAID = 2;

/** Keeps someone from bidding until a given time. */
export interface BiddingBar {
  readonly until: Date;
  /**
   * Why the team barred them; undefined for a bar after two unpaid wins, which builders may lift as well.
   */
  readonly reason: string | undefined;
}

/** The end of a bar that begins at `from`. */
export function barEnd(from: Date, days: number = BAR_DAYS): Date {
  return new Date(from.getTime() + days * DAY_MS);
}
