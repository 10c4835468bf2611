import { actingUserId, type UserInteraction } from "../../../shared/discord/interaction.ts";
import { onlyForYou, texts } from "../../../shared/discord/sending/defer.ts";
import { tooYoungText } from "../../../shared/limits/texts.ts";
import { parseAmount } from "../../../shared/money/money.ts";
import { tooYoungUntil } from "../../members/domain/account-age.ts";
import type { Deps } from "../deps.ts";
import { MAX_AMOUNT } from "../domain/auction.ts";
import type { Bid } from "../engine/bids/bid.ts";
import { badAmountText, bidTexts } from "./bid-texts.ts";

/** A requested bid; amounts in minor units. */
export type BidRequest = Pick<Bid, "auctionId" | "amount" | "max" | "isConfirmed">;

/** The bidder, or the answer to someone whose account is younger than `MIN_ACCOUNT_AGE_DAYS`. */
export function bidderOf(
  interaction: UserInteraction,
  { clock, config }: Pick<Deps, "clock" | "config">,
): { readonly bidderId: string } | { readonly refusal: object } {
  const bidderId = actingUserId(interaction);
  if (!bidderId) return { refusal: onlyForYou(texts.badOptions) };
  const minDays = config.MIN_ACCOUNT_AGE_DAYS;
  const until = tooYoungUntil(bidderId, clock.now(), minDays);
  return until ? { refusal: onlyForYou(tooYoungText(until, minDays)) } : { bidderId };
}

/** What was typed as a bid. */
export interface TypedBid {
  readonly amount: string;
  readonly max: string | undefined;
}

/** Parses what was typed; returns a text that explains what is wrong if it is invalid. */
export function readTypedBid(
  { amount: amountTyped, max: maxTyped }: TypedBid,
  currency: string,
): Omit<BidRequest, "auctionId"> | string {
  const amount = parseAmount(amountTyped, currency);
  const hasMax = maxTyped !== undefined && maxTyped.trim() !== "";
  const max = hasMax ? parseAmount(maxTyped, currency) : undefined;
  if (!amount || (hasMax && !max)) return badAmountText(currency);
  if (Math.max(amount, max ?? 0) > MAX_AMOUNT) return bidTexts.tooMuch;
  if (max !== undefined && max < amount) return bidTexts.ceilingBelow;
  return { amount, max, isConfirmed: false };
}
