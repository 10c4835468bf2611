import { type SendDeps, sendDmOnce } from "../../../../shared/discord/sending/send-once.ts";
import type { PayDeps } from "../../../shop/checkout/checkout.ts";
import type { QuoteDeps } from "../../../shop/checkout/quote-delivery.ts";
import type { Order } from "../../../shop/domain/order.ts";
import {
  closeClaimPosts,
  closeEndedPosts,
  offerKey,
  postClaim,
  wonKey,
} from "../../boards/claim-posts.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import type { Deps } from "../../deps.ts";
import { type Auction, auctionOrderId, type Claim, MAX_OFFERS } from "../../domain/auction.ts";
import { auctionSettlementDue } from "../../events/auction-tasks.ts";
import { secondChanceOffer, wonNotice } from "../../messages/claims.ts";
import { nobodyPaidNotice, unsoldNotice } from "../../messages/settlement-notices.ts";
import { notifyCouldNotOpen } from "../opening/open-planned.ts";
import { isPayable } from "./claim-checkout.ts";
import { evenIfRefused } from "./even-if-refused.ts";
import { checkoutInTime, giveUp, waitForAccount, whyNoCheckout } from "./no-checkout.ts";
import { noteUnpaid } from "./non-payers.ts";

/** The dependencies of settling. */
export type SettleAuctionDeps = SendDeps &
  PayDeps &
  QuoteDeps &
  Pick<
    Deps,
    | "auctions"
    | "auctionEngine"
    | "biddingBars"
    | "wonOrders"
    | "orders"
    | "builders"
    | "users"
    | "config"
  >;

/** How long a runner-up has to accept an offer. */
const OFFER_MS = 10 * 60_000;

/**
 * Does the next step after the hammer: creates the winner's order and Checkout Session; if they do not pay, offers the
 * item to the next runner-up at their own bid, at most three times; finally notifies the builder. Called after the
 * hammer, when a session ends or is paid, and when an offer's time is over.
 *
 * Idempotency: the claim records the progress and moves on once; orders, sessions and messages have fixed names. Crash
 * safety: the next call finds the claim and repeats its step. A DM that Discord refuses is tried again by the sweeper,
 * and nothing else waits for it.
 */
export async function settleAuction(auctionId: string, deps: SettleAuctionDeps): Promise<void> {
  const auction = await deps.auctions.get(auctionId);
  if (auction?.couldNotOpen) await notifyCouldNotOpen(auction, auction.couldNotOpen, deps);
  if (auction?.state === "unsold") await notifyUnsold(auction, deps);
  if (auction?.state !== "sold") return;
  const { claim } = auction;
  if (!claim) return order(auction, undefined, winnersClaim(auction), deps);
  switch (claim.state) {
    case "offered":
      if (claim.offerUntil && claim.offerUntil <= deps.clock.now()) {
        return offerToNext(auction, claim, deps);
      }
      return sendOffer(auction, claim, deps);
    case "ordered":
      return followOrder(auction, claim, deps);
    case "paid":
      return paid(auction, claim, deps);
    case "over":
      return notifyOver(auction, claim, deps);
  }
}

/** Creates the order and Checkout Session of the winner or of an accepted offer. Idempotent. */
export async function order(
  auction: Auction,
  before: Claim | undefined,
  claim: Claim,
  deps: SettleAuctionDeps,
): Promise<void> {
  const after = await deps.auctions.claim(auction.id, before, claim);
  if (after?.claim?.state !== "ordered" || after.claim.round !== claim.round) return;
  await followOrder(after, after.claim, deps);
}

async function followOrder(auction: Auction, claim: Claim, deps: SettleAuctionDeps): Promise<void> {
  const known = await deps.orders.get(auctionOrderId(auction.id, claim.round));
  if (known && !["reserved", "processing"].includes(known.fulfillmentStatus)) {
    if (!isLost(known)) return paid(auction, claim, deps);
    return hadCheckout(known)
      ? unpaid(auction, claim, deps)
      : giveUp(auction, claim, whyNoCheckout(known), deps);
  }
  if (known?.fulfillmentStatus === "processing") return;
  const checkout = await checkoutInTime(auction, claim, deps);
  await scheduleBoard(auction.id, deps);
  if (checkout === "refused") return giveUp(auction, claim, "refused", deps);
  if (checkout === "unpayable") {
    return evenIfRefused(
      () => waitForAccount(auction, claim, deps),
      () => closeEndedPosts(auction.id, deps),
    );
  }
  // The session ended or was paid at this very moment: its event triggers the next step.
  if (checkout === "over" || checkout === "processing") return;
  if ((await deps.auctions.get(auction.id))?.state !== "sold") return;
  const won = wonNotice(auction, claim, checkout);
  const key = wonKey(auction.id, claim.round);
  await evenIfRefused(
    () => sendDmOnce(key, claim.bidderId, won, deps),
    () => showClaim(auction, claim, deps),
  );
}

async function showClaim(auction: Auction, claim: Claim, deps: SettleAuctionDeps): Promise<void> {
  await postClaim(auction, claim, deps);
  await closeEndedPosts(auction.id, deps);
}

/** Without a Checkout Session, the winner is not at fault for not paying. */
function hadCheckout({ payment }: Order): boolean {
  return payment?.checkout.sessionId !== undefined;
}

/** Whether the order ended unpaid; a payment that was refunded since still counts as paid. */
function isLost({ fulfillmentStatus, payment }: Order): boolean {
  return ["expired", "cancelled"].includes(fulfillmentStatus) && !payment?.paymentIntentId;
}

async function paid(auction: Auction, claim: Claim, deps: SettleAuctionDeps): Promise<void> {
  const after = await deps.auctions.claim(auction.id, claim, { ...claim, state: "paid" });
  await scheduleBoard(auction.id, deps);
  await closeClaimPosts(after ?? auction, deps);
  await deps.auctions.settled(auction.id, "sold");
}

/**
 * An unpaid win counts against the winner unless the builder kept them waiting, could not be paid, sold below the
 * reserve, or took the result back.
 */
async function unpaid(auction: Auction, claim: Claim, deps: SettleAuctionDeps): Promise<void> {
  // If the result was taken back since the auction was read, that has cancelled the order.
  const isStillSold = (await deps.auctions.get(auction.id))?.state === "sold";
  const isExcused = claim.checkoutUntil !== undefined || auction.isReserveWaived;
  const isCounted = isStillSold && !isExcused && (await isPayable(auction, deps));
  if (isCounted) await noteUnpaid(claim.bidderId, auctionOrderId(auction.id, claim.round), deps);
  await offerToNext(auction, claim, deps);
}

async function offerToNext(auction: Auction, claim: Claim, deps: SettleAuctionDeps): Promise<void> {
  const round = claim.round + 1;
  const bidder = round <= MAX_OFFERS ? auction.runnersUp[round - 1] : undefined;
  const next: Claim = bidder
    ? {
        ...bidder,
        round,
        state: "offered",
        offerUntil: new Date(deps.clock.now().getTime() + OFFER_MS),
        checkoutUntil: undefined,
      }
    : { ...claim, state: "over", offerUntil: undefined };
  const after = await deps.auctions.claim(auction.id, claim, next);
  if (!after?.claim) return;
  await scheduleBoard(auction.id, deps);
  if (after.state !== "sold") return closeClaimPosts(after, deps);
  if (after.claim.state === "over") return notifyUnpaid(after, deps);
  if (after.claim.state === "offered") await sendOffer(after, after.claim, deps);
  else await closeClaimPosts(after, deps);
}

async function sendOffer(auction: Auction, claim: Claim, deps: SettleAuctionDeps): Promise<void> {
  if (!claim.offerUntil) return;
  const dueAt = ceilSecond(claim.offerUntil);
  const id = `settle.${auction.id}.offer-${claim.round}`;
  const task = { id, auctionId: auction.id, dueAtMs: dueAt.getTime() };
  await deps.tasks.enqueue(auctionSettlementDue, task, dueAt);
  const key = offerKey(auction.id, claim.round);
  const offer = secondChanceOffer(auction, claim);
  await evenIfRefused(
    () => sendDmOnce(key, claim.bidderId, offer, deps),
    () => showClaim(auction, claim, deps),
  );
}

async function notifyUnsold(auction: Auction, deps: SettleAuctionDeps): Promise<void> {
  const key = `auction-unsold:${auction.id}`;
  await sendDmOnce(key, auction.builderId, unsoldNotice(auction), deps);
  await deps.auctions.settled(auction.id, "unsold");
}

/** Notifies the builder that nobody is left to ask; also after an earlier run crashed before it could. */
async function notifyOver(auction: Auction, claim: Claim, deps: SettleAuctionDeps): Promise<void> {
  const last = await deps.orders.get(auctionOrderId(auction.id, claim.round));
  if (last?.payment?.paidAt) return paid(auction, claim, deps);
  // A session that was created at the last moment is still open.
  if (last && hadCheckout(last) && !isLost(last)) return;
  const hasNoCheckout = last ? !hadCheckout(last) : claim.checkoutUntil !== undefined;
  if (hasNoCheckout) return giveUp(auction, claim, whyNoCheckout(last), deps);
  await notifyUnpaid(auction, deps);
}

async function notifyUnpaid(auction: Auction, deps: SettleAuctionDeps): Promise<void> {
  const key = `auction-unpaid:${auction.id}`;
  await evenIfRefused(
    () => sendDmOnce(key, auction.builderId, nobodyPaidNotice(auction), deps),
    () => closeClaimPosts(auction, deps),
  );
  await deps.auctions.settled(auction.id, "sold");
}

/** The claim of the bidder who led when the hammer fell. */
function winnersClaim({ id, standing }: Auction): Claim {
  if (!standing) throw new Error(`Auction ${id} was sold without a bid.`);
  const { leaderId, price } = standing;
  const bidder = { bidderId: leaderId, amount: price };
  return { ...bidder, round: 0, state: "ordered", offerUntil: undefined, checkoutUntil: undefined };
}

/** The clock of Cloud Tasks is not ours, and an offer must not end early. */
function ceilSecond(time: Date): Date {
  return new Date(Math.ceil(time.getTime() / 1000) * 1000);
}
