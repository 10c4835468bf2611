import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { type SendDeps, sendDmOnce, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Deps } from "../deps.ts";
import { type Auction, auctionOrderId, type Claim } from "../domain/auction.ts";
import {
  type ClosedClaim,
  claimPost,
  closedClaimDm,
  closedClaimPost,
  tooLateToPayNotice,
} from "../messages/claims.ts";

type ClaimPostDeps = SendDeps & Pick<Deps, "log">;
type CloseClaimDeps = ClaimPostDeps & Pick<Deps, "users" | "orders">;

/** The `sendOnce` keys of a round's messages with a button. */
const keysOf = (auctionId: string, round: number) => ({
  claim: `auction-claim:${auctionId}:${round}`,
  offered: `auction-offered:${auctionId}:${round}`,
  offerByDm: offerKey(auctionId, round),
  wonByDm: wonKey(auctionId, round),
});

/** The key of the DM that offers a runner-up the item. */
export function offerKey(auctionId: string, round: number): string {
  return `auction-offer:${auctionId}:${round}`;
}

/** The key of the DM with the Checkout link. */
export function wonKey(auctionId: string, round: number): string {
  return `auction-won:${auctionId}:${round}`;
}

/**
 * Posts a button for a person whose DMs are closed; only that person can use it. It is posted once, in the first of the
 * auction's channels where we may post.
 */
export async function postClaim(
  auction: Auction,
  claim: Claim,
  deps: ClaimPostDeps,
): Promise<void> {
  const keys = keysOf(auction.id, claim.round);
  const key = claim.state === "offered" ? keys.offered : keys.claim;
  for (const { channelId } of auction.boards) {
    try {
      await sendOnce(key, async () => channelId, claimPost(auction, claim), deps);
      return;
    } catch (error) {
      if (!(error instanceof DiscordError && error.isUnusableChannel)) throw error;
      deps.log.warn("A claim could not be posted", { auction: auction.id, channel: channelId });
    }
  }
}

/**
 * Removes the buttons from the messages of turns that are over, shows how each turn ended, and notifies everyone who
 * was asked to pay and did not. Idempotency: a repeat finds each edit and DM recorded. Crash safety: the next call
 * does what is left.
 */
export async function closeClaimPosts(auction: Auction, deps: CloseClaimDeps): Promise<void> {
  const { claim, standing, runnersUp } = auction;
  if (!claim) return;
  const asked = [standing?.leaderId, ...runnersUp.map(({ bidderId }) => bidderId)];
  for (const [round, bidderId = ""] of asked.slice(0, claim.round + 1).entries()) {
    const keys = keysOf(auction.id, round);
    const { ofClaim, ofOffer } = endsOf(auction, claim, round);
    const post = (how: ClosedClaim) => closedClaimPost(auction, bidderId, how);
    const dm = (how: ClosedClaim) => closedClaimDm(auction, how);
    if (ofClaim) await close(keys.claim, ofClaim, post(ofClaim), deps);
    if (ofClaim) await close(keys.wonByDm, ofClaim, dm(ofClaim), deps);
    if (ofClaim === "over") await notifyLate(auction, { round, bidderId }, deps);
    if (!ofOffer || round === 0) continue;
    await close(keys.offered, ofOffer, post(ofOffer), deps);
    await close(keys.offerByDm, ofOffer, dm(ofOffer), deps);
  }
}

/** Rereads the auction and closes its posts: it may have been paid or voided while we waited for Discord. */
export async function closeEndedPosts(
  auctionId: string,
  deps: CloseClaimDeps & Pick<Deps, "auctions">,
): Promise<void> {
  const auction = await deps.auctions.get(auctionId);
  if (auction) await closeClaimPosts(auction, deps);
}

/** Notifies the person of a round whose order expired: they did not pay in time, or their bank refused. */
async function notifyLate(
  auction: Auction,
  { round, bidderId }: { readonly round: number; readonly bidderId: string },
  deps: CloseClaimDeps,
): Promise<void> {
  const { wonByDm } = keysOf(auction.id, round);
  if (!(await deps.sentMessages.get(wonByDm))) return;
  const order = await deps.orders.get(auctionOrderId(auction.id, round));
  if (order?.fulfillmentStatus !== "expired") return;
  await sendDmOnce(`${wonByDm}:late`, bidderId, tooLateToPayNotice(auction), deps);
}

/** How a round's turn to pay and the offer before it ended; undefined while they are open. */
function endsOf(
  { state }: Auction,
  claim: Claim,
  round: number,
): { readonly ofClaim?: ClosedClaim; readonly ofOffer?: ClosedClaim } {
  if (state === "void") return { ofClaim: "void", ofOffer: "void" };
  if (round < claim.round || claim.state === "over") return { ofClaim: "over", ofOffer: "over" };
  if (claim.state === "paid") return { ofClaim: "paid", ofOffer: "accepted" };
  return claim.state === "ordered" ? { ofOffer: "accepted" } : {};
}

async function close(
  key: string,
  how: ClosedClaim,
  message: OutgoingMessage,
  deps: ClaimPostDeps,
): Promise<void> {
  const post = await deps.sentMessages.get(key);
  const done = `${key}:${how}`;
  if (!post || (await deps.sentMessages.get(done))) return;
  try {
    await deps.discord.editMessage(post.channelId, post.messageId, message);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    deps.log.warn("A button could not be taken back", { key, code: error.code });
  }
  await deps.sentMessages.record(done, post, deps.clock.now());
}
