import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { answerInteraction } from "../../../shared/discord/sending/answer-interaction.ts";
import { closeEndedPosts, wonKey } from "../boards/claim-posts.ts";
import type { Auction } from "../domain/auction.ts";
import { auctionSettlementDue } from "../events/auction-tasks.ts";
import { checkoutOf } from "../lifecycle/settlement/claim-checkout.ts";
import { order } from "../lifecycle/settlement/settle-auction.ts";
import { wonNotice } from "../messages/claims.ts";
import { controlTexts } from "../messages/controls.ts";
import { acceptButton, claimButton } from "./buttons.ts";
import type { AuctionControlDeps } from "./control-deps.ts";

/** Answers "Claim it" with the Checkout link, for the winner only. A repeat answers with the same link. */
export const claiming = /* @__PURE__ */ action(
  claimButton,
  (use, { auctionId }, deps: AuctionControlDeps) => claim(use, auctionId, deps),
);

/**
 * Accepts an offer: a runner-up buys the item at their own bid. The press or the offer's end, the earlier of the two,
 * moves the claim on, once. Idempotency: a repeat answers with the same link.
 */
export const accepting = /* @__PURE__ */ action(
  acceptButton,
  async (use, { auctionId, round }, deps: AuctionControlDeps) => {
    const auction = await deps.auctions.get(auctionId);
    const offer = auction?.claim;
    const isTheirs = offer?.bidderId === use.userId && offer.round === round;
    const isOpen = offer?.state === "offered" && (offer.offerUntil ?? 0) > deps.clock.now();
    if (auction && offer && isTheirs && isOpen && auction.state === "sold") {
      await order(auction, offer, { ...offer, state: "ordered" }, deps);
    }
    return claim(use, auctionId, deps);
  },
);

async function claim(
  use: CommandUse,
  auctionId: string,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage | undefined> {
  const { id: commandId, userId } = use;
  const auction = await deps.auctions.get(auctionId);
  const open = auction?.claim;
  if (!auction || !open) return { content: controlTexts.notForYou };
  if (auction.state === "void") return { content: controlTexts.wasVoid };
  if (open.bidderId !== userId) {
    const hadTheirTurn = wasAsked(auction, userId);
    return { content: hadTheirTurn ? controlTexts.offerOver : controlTexts.notForYou };
  }
  if (open.state === "paid") return { content: controlTexts.alreadyPaid };
  if (auction.state !== "sold" || open.state !== "ordered")
    return { content: controlTexts.offerOver };
  const checkout = await checkoutOf(auction, open, deps);
  if (checkout === "over") return { content: controlTexts.offerOver };
  if (checkout === "unpayable" || checkout === "refused") {
    // The answer promises that the builder is notified, and the settlement does that.
    const task = { id: `settle.${auction.id}.claim-${commandId}`, auctionId: auction.id };
    await deps.tasks.enqueue(auctionSettlementDue, task, deps.clock.now());
  }
  if (typeof checkout === "string") return { content: controlTexts[checkout] };
  // A DM shares the key of every winner's DM, so that its button is removed when the time to pay ends.
  const key = wonKey(auction.id, open.round);
  await answerInteraction(use, wonNotice(auction, open, checkout), deps, key);
  await closeEndedPosts(auction.id, deps);
  return undefined;
}

/** Whether a user won or was offered the item before the person whose turn it is now. */
function wasAsked({ claim, runnersUp, standing }: Auction, userId: string): boolean {
  const asked = [standing?.leaderId, ...runnersUp.map(({ bidderId }) => bidderId)];
  return asked.slice(0, claim?.round ?? 0).includes(userId);
}
