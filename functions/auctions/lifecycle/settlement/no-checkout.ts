import { type SendDeps, sendDmOnce } from "../../../../shared/discord/sending/send-once.ts";
import { isApproved } from "../../../members/domain/standing.ts";
import type { Order } from "../../../shop/domain/order.ts";
import { closeClaimPosts, postClaim } from "../../boards/claim-posts.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import type { Deps } from "../../deps.ts";
import { type Auction, auctionOrderId, type Claim } from "../../domain/auction.ts";
import {
  checkoutIsLateNotice,
  type NoCheckout,
  noCheckoutNotices,
  unpayableNotice,
  waitForCheckoutNotice,
} from "../../messages/settlement-notices.ts";
import { type ClaimCheckoutDeps, checkoutOf, holdOrder, isLate } from "./claim-checkout.ts";
import { evenIfRefused } from "./even-if-refused.ts";

type NoCheckoutDeps = SendDeps &
  ClaimCheckoutDeps &
  Pick<Deps, "auctions" | "reservations" | "users">;

/** How long a builder has to fix their account before the sale is called off. */
const MAX_WAIT_MS = 7 * 24 * 3_600_000;

/**
 * The Checkout Session of a claim's order, as `checkoutOf` returns it. If none could be created during the whole time to
 * pay, the claim waits for it, and the winner is notified while Stripe still refuses.
 */
export async function checkoutInTime(auction: Auction, before: Claim, deps: NoCheckoutDeps) {
  const claim = (await isLate(auctionOrderId(auction.id, before.round), deps))
    ? await startToWait(auction, before, deps)
    : before;
  try {
    return await checkoutOf(auction, claim, deps);
  } catch (error) {
    if (claim.checkoutUntil) {
      const late = checkoutIsLateNotice(auction, claim);
      await sendDmOnce(waitKey(auction, claim), claim.bidderId, late, deps);
    }
    throw error;
  }
}

/**
 * Handles a builder who is suspended or whose account cannot receive money: builder and winner are notified how long
 * the win stays valid. The sweeper tries again.
 */
export async function waitForAccount(
  auction: Auction,
  before: Claim,
  deps: NoCheckoutDeps,
): Promise<void> {
  const claim = await startToWait(auction, before, deps);
  const { checkoutUntil } = claim;
  if (checkoutUntil <= deps.clock.now()) return giveUp(auction, claim, "unpayable", deps);
  await holdOrder(auctionOrderId(auction.id, claim.round), checkoutUntil, deps);
  const key = waitKey(auction, claim);
  const waiting = waitForCheckoutNotice(auction, claim, checkoutUntil);
  const askToFix = async () => {
    // A suspended builder was already notified and can do nothing about their account.
    if (!isApproved(await deps.builders.standing(auction.builderId))) return;
    const toFix = unpayableNotice(auction, checkoutUntil);
    await sendDmOnce(`${key}:builder`, auction.builderId, toFix, deps);
  };
  await evenIfRefused(
    () => sendDmOnce(key, claim.bidderId, waiting, deps),
    () => evenIfRefused(askToFix, () => postClaim(auction, claim, deps)),
  );
}

async function startToWait(auction: Auction, before: Claim, { auctions, clock }: NoCheckoutDeps) {
  const checkoutUntil = before.checkoutUntil ?? new Date(clock.now().getTime() + MAX_WAIT_MS);
  const claim = { ...before, checkoutUntil };
  if (!before.checkoutUntil) await auctions.claim(auction.id, before, claim);
  return claim;
}

/** Notifies the winner once that they have to wait, whatever the reason. */
function waitKey({ id }: Auction, { round }: Claim): string {
  return `auction-unpayable:${id}:${round}`;
}

/** Why an order never got a Checkout Session: Stripe refused it, or the builder could not be paid. */
export function whyNoCheckout(order: Order | undefined): NoCheckout {
  return order?.fulfillmentStatus === "cancelled" ? "refused" : "unpayable";
}

/**
 * Ends a claim that cannot be paid through no fault of the winner: nobody else is asked. Does nothing if the claim has
 * moved on, or a session was created at this very moment: then the outcome of that decides.
 */
export async function giveUp(
  auction: Auction,
  claim: Claim,
  why: NoCheckout,
  deps: NoCheckoutDeps,
): Promise<void> {
  const over: Claim = { ...claim, state: "over", offerUntil: undefined };
  const after = await deps.auctions.claim(auction.id, claim, over);
  const isOver = after?.claim?.state === "over" && after.claim.round === claim.round;
  if (after?.state !== "sold" || !isOver) return;
  const orderId = auctionOrderId(auction.id, claim.round);
  await deps.reservations.giveBack(orderId, "expired", deps.clock.now(), null);
  if ((await deps.orders.get(orderId))?.payment?.checkout.sessionId) return;
  const key = `auction-no-page:${auction.id}`;
  const { winner, builder } = noCheckoutNotices(auction, why);
  const show = async () => {
    await closeClaimPosts(after, deps);
    await scheduleBoard(auction.id, deps);
  };
  const notifyBuilder = () => sendDmOnce(`${key}:builder`, auction.builderId, builder, deps);
  await evenIfRefused(
    () => sendDmOnce(key, claim.bidderId, winner, deps),
    () => evenIfRefused(notifyBuilder, show),
  );
  await deps.auctions.settled(auction.id, "sold");
}
