import type { Deps } from "../deps.ts";
import { type Auction, type Commitment, incrementsFor, typoFloorOf } from "../domain/auction.ts";
import type { CancelOutcome } from "../engine/cancel.ts";
import type { EngineState } from "../engine/open.ts";
import { restoreBars } from "../settlement/non-payers.ts";

/** What putting an auction into Redis needs. */
type PutIntoRedisDeps = Pick<Deps, "auctions" | "auctionEngine" | "biddingBars" | "clock">;

/**
 * Has Redis take bids for a live auction, new or from the record; `busy` where another runs in one of
 * its channels. Whoever cancels it meanwhile may find nothing in Redis to cancel: so it is read again
 * afterwards, and ended there where it is not live any more. Then it is `over`. Again it changes nothing.
 */
export async function putIntoRedis(
  auction: Auction,
  commitments: readonly Commitment[],
  deps: PutIntoRedisDeps,
): Promise<"running" | "busy" | "over"> {
  await restoreBars(deps);
  const state = engineStateOf(auction);
  const { outcome } = await deps.auctionEngine.open({ ...state, commitments });
  if (outcome === "busy") return "busy";
  // Another run was quicker: the end that is recorded is Redis's, too.
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
 * Has Redis take no more bids for an auction; `closed` and `void` where that came too late. Again, or
 * where Redis does not have it, it does nothing.
 */
export async function cancelInRedis(
  { id, boards }: Pick<Auction, "id" | "boards">,
  { auctionEngine }: Pick<Deps, "auctionEngine">,
): Promise<CancelOutcome> {
  const channelIds = boards.map(({ channelId }) => channelId);
  return auctionEngine.cancel({ auctionId: id, channelIds });
}

/** What Redis has to know of an auction. Throws when it was never opened. */
function engineStateOf(auction: Auction): Omit<EngineState, "commitments"> {
  const { endsAt, latestEnd } = auction;
  if (!endsAt || !latestEnd) throw new Error(`Auction ${auction.id} has no end yet.`);
  return {
    ...{ auctionId: auction.id, sellerId: auction.builderId, startPrice: auction.startPrice },
    reserve: auction.isReserveWaived ? 0 : auction.reserve,
    ...{ counterBidMs: auction.counterBidMs, endsAt, latestEnd },
    channelIds: auction.boards.map(({ channelId }) => channelId),
    ...{ increments: incrementsFor(auction), typoFloor: typoFloorOf(auction) },
    ...{ recorded: auction.recorded, standing: auction.standing },
  };
}
