import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import type { StoredOrder } from "../../shop/checks/books.ts";
import { auctionLogOf, type Replayed, skewOf } from "../auction-log.ts";
import type { StoredAuction } from "../books.ts";

/** This many unpaid wins bar a bidder. */
const MOST_UNPAID = 2;
/** Redis may lag behind a recorded bar by this much. */
const APPLIED_WITHIN_MS = 60_000;
/**
 * A Checkout Session is usually open for half an hour. One that ends later than this was extended,
 * because its buyer had to wait for it.
 */
const USUAL_PAGE_MS = 3_600_000;

type Time = { toMillis(): number } | null | undefined;

/** A11 and A14 of docs/invariants.md. */
export async function checkBars(
  stage: Stage,
  auctions: readonly Replayed[],
  orders: readonly StoredOrder[],
): Promise<void> {
  const { bidders, crowd, losses } = auctionLogOf(stage);
  const nowMs = stage.cloud.clock.nowMs();
  for (const user of [...bidders, ...crowd]) {
    const place = stage.database.collection("users").doc(user);
    const fields = await place.get();
    const sinceMs = (fields.get("bidding_barred_at") as Time)?.toMillis();
    const untilMs = (fields.get("bidding_barred_until") as Time)?.toMillis() ?? 0;
    const { docs } = await place.collection("unpaid_wins").get();
    checkWins(
      user,
      docs.map(({ id }) => id),
      auctions,
      orders,
    );
    const counted = docs.filter((win) => win.get("is_lifted") === false).length;
    const isBarred = sinceMs !== undefined && untilMs > nowMs;
    mustEqual("A14", `whether ${user} is barred`, isBarred, counted >= MOST_UNPAID);
    // Redis may have lost the bar; it is restored when the next auction opens.
    if (sinceMs === undefined || losses.some(losesBars)) continue;
    const fromMs = sinceMs + APPLIED_WITHIN_MS + 2 * skewOf(stage);
    const record = auctions.flatMap(({ auction }) => auction.record);
    const late = record.find(
      ({ bidder, atMs }) => bidder === user && atMs > fromMs && atMs < untilMs,
    );
    mustHold("A11", !late, () => `${user} is barred since ${sinceMs}; bid ${late?.bidId} counts`);
  }
}

/** The recorded unpaid wins are exactly those that were won and not paid. */
function checkWins(
  user: string,
  unpaid: readonly string[],
  auctions: readonly Replayed[],
  orders: readonly StoredOrder[],
): void {
  for (const id of unpaid) {
    const order = orders.find((each) => each.id === id);
    mustEqual("A14", `whose unpaid win ${id} is`, order?.buyer, user);
    const ofIt = auctions.find(({ auction }) => id.startsWith(`auction-${auction.id}-`))?.auction;
    const isWaived = ofIt?.isReserveWaived === true;
    mustHold("A14", !isWaived, () => `${id} counts against ${user}, below the reserve`);
  }
  for (const { auction } of auctions) {
    for (const order of orders.filter((each) => isUnpaidWin(auction, each))) {
      if (order.buyer !== user) continue;
      mustHold(
        "A14",
        unpaid.includes(order.id),
        () => `order ${order.id} is not counted as an unpaid win`,
      );
    }
  }
}

/** Its time to pay is over without a payment, and nothing delayed its buyer. */
function isUnpaidWin(
  { id, state, claim, isReserveWaived }: StoredAuction,
  order: StoredOrder,
): boolean {
  if (isReserveWaived) return false;
  const [, auctionId, round] = /^auction-(\d+)-(\d)$/.exec(order.id) ?? [];
  if (auctionId !== id || state !== "sold" || !claim) return false;
  const isOver = claim.round > Number(round) || claim.state === "over";
  const isUsual = order.endsAtMs - order.createdAtMs < USUAL_PAGE_MS;
  return isOver && isUsual && order.sessionId !== undefined && order.chargeId === undefined;
}

function losesBars({ key }: { readonly key: string | undefined }): boolean {
  return key === undefined || key.startsWith("auction-barred:");
}
