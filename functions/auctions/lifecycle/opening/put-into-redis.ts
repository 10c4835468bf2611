import type { Deps } from "../../deps.ts";
import { type Auction, incrementsFor, typoFloorOf } from "../../domain/auction.ts";
import type { CancelOutcome } from "../../engine/lifecycle/cancel.ts";
import type { EngineState } from "../../engine/lifecycle/open.ts";
import { commitmentsOf, type RecordedBid } from "../../store/bids/recorded-bid.ts";
import { restoreBars } from "../settlement/non-payers.ts";

/** The dependencies of putting an auction into Redis. */
type PutIntoRedisDeps = Pick<Deps, "auctions" | "auctionEngine" | "biddingBars" | "clock">;

/**
 * How many of the newest bids are answered the same when sent again. Bids are repeated only within Discord's three
 * seconds; their answers take about 100 bytes each.
 */
const MAX_REPEATABLE = 1000;

/**
 * Makes Redis accept bids for a live auction, new or restored from its record, which is `bids`; `busy` if another
 * auction runs in one of its channels. A concurrent cancellation may have found nothing in Redis to cancel, so the
 * auction is read again afterwards and ended in Redis if it is no longer live; the result is then `over`. Idempotent.
 */
export async function putIntoRedis(
  auction: Auction,
  bids: readonly RecordedBid[],
  deps: PutIntoRedisDeps,
): Promise<"running" | "busy" | "over"> {
  await restoreBars(deps);
  const state = engineStateOf(auction);
  const { outcome } = await deps.auctionEngine.open({
    ...state,
    commitments: commitmentsOf(bids),
    repeatable: bids.slice(-MAX_REPEATABLE),
  });
  if (outcome === "busy") return "busy";
  // Another run was faster: Redis has the recorded end, too.
  if (outcome === "already") {
    const operationId = `open-${state.endsAt.getTime()}`;
    const extension = { operationId, auctionId: auction.id, byMs: 0, atLeast: state.endsAt };
    await deps.auctionEngine.extend(extension);
  }
  const now = await deps.auctions.get(auction.id);
  if (!now || now.state === "live") return "running";
  await cancelInRedis(now, deps);
  return "over";
}

/**
 * Makes Redis accept no more bids for an auction; `closed` and `void` if it is too late. Idempotent; does nothing if
 * Redis does not have the auction.
 */
export async function cancelInRedis(
  { id, boards }: Pick<Auction, "id" | "boards">,
  { auctionEngine }: Pick<Deps, "auctionEngine">,
): Promise<CancelOutcome> {
  const channelIds = boards.map(({ channelId }) => channelId);
  return auctionEngine.cancel({ auctionId: id, channelIds });
}

/** An auction's state for Redis. Throws if the auction was never opened. */
function engineStateOf(auction: Auction): Omit<EngineState, "commitments" | "repeatable"> {
  const { endsAt, latestEnd } = auction;
  if (!endsAt || !latestEnd) throw new Error(`Auction ${auction.id} has no end yet.`);
  return {
    auctionId: auction.id,
    sellerId: auction.builderId,
    currency: auction.currency,
    startPrice: auction.startPrice,
    reserve: auction.isReserveWaived ? 0 : auction.reserve,
    counterBidMs: auction.counterBidMs,
    endsAt,
    latestEnd,
    channelIds: auction.boards.map(({ channelId }) => channelId),
    increments: incrementsFor(auction),
    typoFloor: typoFloorOf(auction),
    recorded: auction.recorded,
    standing: auction.standing,
  };
}
