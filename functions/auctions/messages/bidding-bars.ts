import { fullTime, plain } from "../../../shared/discord/theme.ts";
import type { BiddingBar } from "../domain/bidding-bar.ts";

/** Answers to `/c500 auction bar` and `lift`. */
export const barTexts = {
  nobody: "Pick the person from Discord's list.",
  nothingToLift: "They aren't barred and have no unpaid wins: they can bid.",
  ownBar: "You can't lift your own bar. Ask another builder, or the team.",
  staffsBar: "The team has barred them, so only the team can lift it.",
  yourself: "You can't bar yourself. Pick someone else.",
  noReason: "Give the reason in `reason:`. The person will read it.",
  superseded: "A later command about this person's bids came first, so this one changed nothing.",
} as const;

const MAX_REASON = 300;
const UNKNOWN_BAR =
  "You can't bid at the moment. Ask a builder or the team why, and whether they can lift it.";

/** What a barred bidder reads; `bar` is undefined if it could not be read. */
export function barredBidText(bar: BiddingBar | undefined): string {
  if (!bar) return UNKNOWN_BAR;
  if (bar.reason === undefined) {
    return `You didn't pay for two auctions you won, so you can't bid. This ends ${fullTime(bar.until)}. Ask a builder or the team: they can lift it.`;
  }
  return `The team accepts no bids from you: ${plain(bar.reason, MAX_REASON)}\nIt ends ${fullTime(bar.until)}. Ask the team if you think it is a mistake.`;
}

/** Notifies someone whom the team has just barred. */
export function barNotice({ until, reason = "" }: BiddingBar): string {
  return `The team has barred you from bidding in C500's auctions: ${plain(reason, MAX_REASON)}\nIt ends ${fullTime(until)}. The bids you have made still count. Ask the team if you think it is a mistake.`;
}

/** The staff member's answer: someone is barred. */
export function barredText(
  bidderId: string,
  { until }: Pick<BiddingBar, "until">,
  { isNotified }: { readonly isNotified: boolean },
): string {
  const notified = isNotified
    ? "I've sent them the reason."
    : "They don't accept DMs: please notify them yourself.";
  return `<@${bidderId}> can't bid any more; it ends ${fullTime(until)}. The bids they have made still count. ${notified} \`/c500 auction lift\` ends it earlier.`;
}

/** The answer: someone may bid again. */
export function liftedText(bidderId: string): string {
  return `<@${bidderId}> can bid again.`;
}
