import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { fullTime } from "../../../shared/discord/theme.ts";
import type { Auction, Claim } from "../domain/auction.ts";
import { money, titleOf } from "./auction-words.ts";

/** What a builder can do with an item that was not sold. */
const RUN_AGAIN =
  "Run it again on the same terms with `/c500 auction rerun`, in the channel where it should be.";

/** What a builder can do soon after an auction that was not sold for its reserve. */
const SELL_ALL_THE_SAME =
  "For half an hour after the hammer you can still sell it to the highest bidder with `/c500 auction sell`. Or: ";

/** Notifies the builder that the hammer fell without a sale. */
export function unsoldNotice(auction: Auction): OutgoingMessage {
  const why = auction.standing
    ? `the highest bid, ${money(auction, auction.standing.price)}, did not meet your reserve of ${money(auction, auction.reserve)}`
    : "nobody bid";
  return {
    content: `${titleOf(auction)} was not sold: ${why}. ${auction.standing ? SELL_ALL_THE_SAME : ""}${RUN_AGAIN}`,
  };
}

/** Notifies the builder that neither the winner nor any runner-up has paid. */
export function nobodyPaidNotice(auction: Auction): OutgoingMessage {
  return {
    content: `Nobody has paid for ${titleOf(auction)}: neither the winner nor any bidder who was offered it. It is still yours. ${RUN_AGAIN}`,
  };
}

/** Notifies the builder that someone has won, but the builder's account can't take payments. */
export function unpayableNotice(auction: Auction, until: Date): OutgoingMessage {
  return {
    content: `${titleOf(auction)} is sold, but your Stripe account can't take payments at the moment, so the winner has no Checkout link. Run \`/c500 payouts\` to see what is missing. I send the link as soon as that is fixed; otherwise the sale is called off ${fullTime(until)}.`,
  };
}

/** Notifies the winner while the builder is suspended or their account can't take payments. */
export function waitForCheckoutNotice(
  auction: Auction,
  claim: Claim,
  until: Date,
): OutgoingMessage {
  return {
    content: `🎉 ${titleOf(auction)} is yours for **${money(auction, claim.amount)}**, and it stays yours. The builder can't take payments at the moment. I'll send you the Checkout link as soon as they can, and you'll have a day to pay. If you still have no link by ${fullTime(until)}, the sale is off and you owe nothing.`,
  };
}

/** Notifies the winner that the Checkout link could not be made in time. */
export function checkoutIsLateNotice(auction: Auction, claim: Claim): OutgoingMessage {
  return {
    content: `🎉 ${titleOf(auction)} is yours for **${money(auction, claim.amount)}**, and it stays yours. Stripe couldn't make your Checkout link yet; that isn't your doing. I'll send you the link as soon as it can, and you'll have a day to pay.`,
  };
}

/** Why there will be no Checkout link. */
export type NoCheckout = "refused" | "unpayable";

/** Notifies the winner and the builder that there is no way to pay. */
export function noCheckoutNotices(
  auction: Auction,
  why: NoCheckout,
): { readonly winner: OutgoingMessage; readonly builder: OutgoingMessage } {
  const [toWinner, toBuilder] =
    why === "refused"
      ? [
          `You won ${titleOf(auction)}, but the payment can't be taken: Stripe refuses it.`,
          `Stripe refuses the payment for ${titleOf(auction)}, so nobody can pay for it.`,
        ]
      : [
          `You won ${titleOf(auction)}, but the builder could not take payments all week, so the sale is off.`,
          `You could not take payments all week, so the sale of ${titleOf(auction)} is off, and the winner has been notified.`,
        ];
  return {
    winner: {
      content: `${toWinner} That isn't your doing, and you owe nothing. The builder has been notified.`,
    },
    builder: {
      content: `${toBuilder} Check \`/c500 payouts\` first. ${RUN_AGAIN}`,
    },
  };
}
