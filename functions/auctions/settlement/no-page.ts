import { type SendDeps, sendDmOnce } from "../../../shared/discord/send-once.ts";
import { isApproved } from "../../members/domain/standing.ts";
import type { Order } from "../../shop/domain/order.ts";
import { closeClaimPosts, postClaim } from "../boards/claim-posts.ts";
import { scheduleBoard } from "../boards/schedule-board.ts";
import type { Deps } from "../deps.ts";
import { type Auction, auctionOrderId, type Claim } from "../domain/auction.ts";
import * as messages from "../messages/auctions.ts";
import { type ClaimPageDeps, holdOrder, isLate, pageOf } from "./claim-page.ts";

type NoPageDeps = SendDeps & ClaimPageDeps & Pick<Deps, "auctions" | "reservations" | "users">;

/** A builder whose account takes no money has so long to fix it before the sale is given up. */
const MAX_WAIT_MS = 7 * 24 * 3_600_000;

/**
 * The page of a claim's order, as `pageOf` gives it. Where none could be made in all the time there was
 * to pay, the claim waits for it from then on, and whoever won hears so while Stripe still makes none.
 */
export async function pageInTime(auction: Auction, before: Claim, deps: NoPageDeps) {
  const claim = (await isLate(auctionOrderId(auction.id, before.round), deps))
    ? await startToWait(auction, before, deps)
    : before;
  try {
    return await pageOf(auction, claim, deps);
  } catch (error) {
    if (claim.pageUntil) {
      const late = messages.pageIsLateNotice(auction, claim);
      await sendDmOnce(waitKey(auction, claim), claim.bidderId, late, deps);
    }
    throw error;
  }
}

/**
 * The builder is suspended, or their account takes no money: builder and winner are notified until when the
 * win stands. The sweeper asks again.
 */
export async function waitForAccount(
  auction: Auction,
  before: Claim,
  deps: NoPageDeps,
): Promise<void> {
  const claim = await startToWait(auction, before, deps);
  const { pageUntil } = claim;
  if (pageUntil <= deps.clock.now()) return giveUp(auction, claim, "unpayable", deps);
  await holdOrder(auctionOrderId(auction.id, claim.round), pageUntil, deps);
  const key = waitKey(auction, claim);
  const waiting = messages.waitForPageNotice(auction, claim, pageUntil);
  await sendDmOnce(key, claim.bidderId, waiting, deps);
  // A suspended builder was notified of that, and can do nothing about the account.
  if (isApproved(await deps.builders.standing(auction.builderId))) {
    const toFix = messages.unpayableNotice(auction, pageUntil);
    await sendDmOnce(`${key}:builder`, auction.builderId, toFix, deps);
  }
  await postClaim(auction, claim, deps);
}

async function startToWait(auction: Auction, before: Claim, { auctions, clock }: NoPageDeps) {
  const pageUntil = before.pageUntil ?? new Date(clock.now().getTime() + MAX_WAIT_MS);
  const claim = { ...before, pageUntil };
  if (!before.pageUntil) await auctions.claim(auction.id, before, claim);
  return claim;
}

/** Whoever won is told once that they wait, whatever it is for. */
function waitKey({ id }: Auction, { round }: Claim): string {
  return `auction-unpayable:${id}:${round}`;
}

/** Why there never was a page for an order: Stripe refused it, or the builder could not be paid. */
export function whyNoPage(order: Order | undefined): messages.NoPage {
  return order?.fulfillmentStatus === "cancelled" ? "refused" : "unpayable";
}

/**
 * There is no way to pay, through no fault of who won: nobody is asked any more. Nothing is said where
 * it went on meanwhile, or a page was made at this very moment: then how that ends decides.
 */
export async function giveUp(
  auction: Auction,
  claim: Claim,
  why: messages.NoPage,
  deps: NoPageDeps,
): Promise<void> {
  const over: Claim = { ...claim, state: "over", offerUntil: undefined };
  const after = await deps.auctions.claim(auction.id, claim, over);
  const isOver = after?.claim?.state === "over" && after.claim.round === claim.round;
  if (after?.state !== "sold" || !isOver) return;
  const orderId = auctionOrderId(auction.id, claim.round);
  await deps.reservations.giveBack(orderId, "expired", deps.clock.now(), null);
  if ((await deps.orders.get(orderId))?.payment?.checkout.sessionId) return;
  const key = `auction-no-page:${auction.id}`;
  const { winner, builder } = messages.noPageNotices(auction, why);
  await sendDmOnce(key, claim.bidderId, winner, deps);
  await sendDmOnce(`${key}:builder`, auction.builderId, builder, deps);
  await closeClaimPosts(after, deps);
  await scheduleBoard(auction.id, deps);
  await deps.auctions.settled(auction.id);
}
