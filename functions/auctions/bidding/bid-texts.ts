import { onlyForYou } from "../../../shared/discord/sending/defer.ts";
import { relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { sureButton } from "../commands/bid.ts";
import type { BiddingBar } from "../domain/bidding-bar.ts";
import type { Bid, BidDecision } from "../engine/bids/bid.ts";
import { barredBidText } from "../messages/bidding-bars.ts";
import { bidButtonFor } from "../messages/board.ts";

// https://discord.com/developers/docs/components/reference#button
const ACTION_ROW = 1;
const BUTTON = 2;
const STYLES = { success: 3, danger: 4 } as const;

/** Answers to bids that no auction has decided, and to presses of the notice button. */
export const bidTexts = {
  noneHere:
    "There's no auction in this channel at the moment. Look where its board is posted, and bid there.",
  notYetOpen: "This auction hasn't opened yet. Its board shows when it does.",
  over: "This auction is over. Its board shows how it ended.",
  paused:
    "Bidding pauses for a moment while I restore the auction. Nothing that the board shows is lost, and there will be at least a minute left. Try again in a few seconds.",
  notSent: "I couldn't reach the auction just now, so you haven't bid. Try again in a moment.",
  undecided:
    "I didn't get an answer in time, so your bid may or may not count. The board shows who leads; bidding again is safe.",
  busy: "So many people are bidding right now that I couldn't take your bid, so it doesn't count. Try again in a second.",
  badButton:
    "That button has no valid amount, so nothing was bid. Press one on the board, or use `/bid`.",
  tooMuch: "That's more than I can take. Write a smaller amount.",
  ceilingBelow: "Your ceiling is below your bid. Make it at least as high, or leave it out.",
  noticeOn: "I'll send you a DM when someone outbids you here. Press again to stop that.",
  noticeOff: "I won't send you DMs about this auction any more. Press again to get them.",
  notSaved: "I couldn't save that just now. Press again in a moment.",
} as const;

/** The answer to an amount that can't be read, with examples in the auction's currency. */
export function badAmountText(currency: string): string {
  return `I can't read that amount. Write it like 55 or ${formatMoney(5550, currency)}.`;
}

/** What the answer to a bid needs besides the decision. */
interface AnswerContext {
  readonly currency: string;
  readonly now: Date;
  /** The bidder's bar, if the decision is `barred` and the bar could be read. */
  readonly bar: BiddingBar | undefined;
}

/** The answer to a bidder, with a button to bid the next amount where that helps. */
export function decidedAnswer(
  decision: BidDecision,
  bid: Pick<Bid, "auctionId" | "amount" | "max">,
  { currency, now, bar }: AnswerContext,
): object {
  const money = (amount: number) => formatMoney(amount, currency);
  const price = money(decision.price);
  const least = money(decision.nextAmount);
  const ends = `${reserveText(decision)}It ends ${relativeTime(decision.endsAt)}.`;
  const again = [button(bidButtonFor(bid.auctionId, currency, decision.nextAmount))];
  switch (decision.outcome) {
    case "leading":
      return onlyForYou(
        bid.max
          ? `You lead at **${price}**, and I bid for you up to ${money(Math.max(bid.max, bid.amount))}. Nobody else sees that while it runs. ${ends}`
          : `You lead at **${price}**. ${ends}`,
      );
    case "outbid":
      return onlyForYou(
        `Someone's secret ceiling was higher: it stands at **${price}** now, and they lead. ${ends}`,
        row(again),
      );
    case "ceiling-raised":
      return onlyForYou(
        `Your secret ceiling is ${money(bid.max ?? bid.amount)} now. The price ${decision.isReserveMet ? "is" : "stays at"} **${price}**, and you lead. ${ends}`,
      );
    case "too-low":
      return onlyForYou(
        `${money(bid.amount)} is too low: the next bid is **${least}** or more. ${ends}`,
        row(again),
      );
    case "own-auction":
      return onlyForYou("This auction is yours, so you can't bid on it.");
    case "already-leading":
      return onlyForYou(
        `You lead already, at **${price}**. To go higher in secret, use \`/bid\` with a \`max:\` above your ceiling. ${ends}`,
      );
    case "too-fast":
      return onlyForYou(
        `One bid per second, please. The next bid is **${least}** or more.`,
        row(again),
      );
    case "unusual":
      return onlyForYou(
        `**${money(Math.max(bid.amount, bid.max ?? 0))}** is far above the next bid, ${least}. Did you mean it?`,
        row([sureButtonFor(bid, wordsOf(bid, money)), ...again]),
      );
    case "barred":
      return onlyForYou(barredBidText(bar));
    case "closed":
      return onlyForYou(
        decision.leaderId
          ? `Too late: the hammer fell ${ago(decision.endsAt, now)} at **${price}**.`
          : "Too late: this auction is over.",
      );
    case "cancelled":
      return onlyForYou("This auction was cancelled. Nobody has won, and nobody pays.");
    case "void":
      return onlyForYou("This auction's result was taken back. Nobody pays.");
  }
}

/** Whether the reserve is met, as the board shows it. Never reveals its amount. */
function reserveText({ isReserveMet }: BidDecision): string {
  if (isReserveMet === undefined) return "";
  return isReserveMet ? "The reserve is met. " : "The reserve isn't met yet. ";
}

function ago(time: Date, now: Date): string {
  return time <= now ? relativeTime(time) : "just now";
}

function wordsOf({ amount, max }: Pick<Bid, "amount" | "max">, money: (amount: number) => string) {
  return max ? `${money(amount)}, up to ${money(max)}` : money(amount);
}

function sureButtonFor(
  { auctionId, amount, max = 0 }: Pick<Bid, "auctionId" | "amount" | "max">,
  label: string,
) {
  const id = sureButton.id({ auctionId, amount, max });
  return { type: BUTTON, style: STYLES.danger, label: `Yes, bid ${label}`, custom_id: id };
}

function button({ label, id }: { readonly label: string; readonly id: string }) {
  return { type: BUTTON, style: STYLES.success, label, custom_id: id };
}

function row(components: readonly object[]) {
  return [{ type: ACTION_ROW, components }];
}
