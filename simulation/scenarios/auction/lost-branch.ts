import type { Moment, PlainAuction } from "../../models/auction.ts";
import type { Stage } from "../../stage.ts";
import { auctionLogOf, type Loss, losesBids, type PlacedBid, skewOf } from "./auction-log.ts";
import { minorOf } from "./board-watch.ts";
import type { StoredAuction } from "./books.ts";
import { replay } from "./replay.ts";

/** An auction's states in Redis that are not those of its record, around a loss. */
interface LostBranch {
  readonly id: string;
  readonly plain: PlainAuction;
  readonly moments: readonly (Moment & { readonly overAtMs: number })[];
  readonly isUncertain: boolean;
}

/** Redis continues from its state after the loss until the auction is restored. */
const RESTORED_WITHIN_MS = 20 * 60_000;
const IS_ACCEPTED = /^You lead at |secret ceiling/;
const IS_UNKNOWN = /^$|^I didn't get an answer in time/;

/**
 * An auction's states before each of Redis's losses, derived from the answers to the lost bids, and after failovers
 * that went back to an earlier recorded bid.
 */
export function lostBranches(stage: Stage, auction: StoredAuction): LostBranch[] {
  const { bids, losses, controlUses } = auctionLogOf(stage);
  const recorded = new Set(auction.record.map(({ bidId }) => bidId));
  const ofIt = bids.filter(
    ({ id, auctionId, channelId }) =>
      !recorded.has(id) &&
      (auctionId === auction.id ||
        (auctionId === undefined && auction.boards.some((board) => board.channelId === channelId))),
  );
  const removals = controlUses.filter(
    ({ word, auctionId, interactionId }) =>
      word === "remove-bids" && auctionId === auction.id && !recorded.has(interactionId),
  );
  return losses.filter(losesBids).flatMap((loss): LostBranch[] => {
    const overAtMs = loss.atMs + RESTORED_WITHIN_MS;
    const before = ofIt.filter(({ sentAtMs }) => sentAtMs <= overAtMs);
    const removedMs = removals.map(({ sentAtMs }) => sentAtMs).filter((each) => each <= overAtMs);
    const isUncertain =
      removedMs.length > 0 || before.some(({ answer }) => IS_UNKNOWN.test(answer));
    const lost = before.filter(
      ({ answer }) => IS_ACCEPTED.test(answer) || (isUncertain && IS_UNKNOWN.test(answer)),
    );
    const beganMs = [...removedMs, ...lost.map(({ sentAtMs }) => sentAtMs)];
    const rewound = rewoundBranches(stage, auction, loss, lost);
    if (beganMs.length === 0) return rewound;
    const fromMs = Math.min(...beganMs);
    return [branchOf(stage, auction, { lost, isUncertain, fromMs, overAtMs }), ...rewound];
  });
}

/** The record up to the first lost bid, followed by the lost bids. */
function branchOf(
  stage: Stage,
  auction: StoredAuction,
  {
    lost,
    isUncertain,
    fromMs,
    overAtMs,
  }: {
    readonly lost: readonly PlacedBid[];
    readonly isUncertain: boolean;
    readonly fromMs: number;
    readonly overAtMs: number;
  },
): LostBranch {
  const answeredMs = lost.map(({ answeredAtMs }) => answeredAtMs);
  const firstMs = answeredMs.length > 0 ? Math.min(...answeredMs) : fromMs;
  // Both are true times: Redis's clock, which dates the record, is right even where instances' clocks are not.
  const record = auction.record.filter(({ atMs }) => atMs <= firstMs);
  const { plain, moments: states } = continued(stage, { ...auction, record }, lost);
  // Redis decides a bid, and others see the new price, before the bidder is answered.
  const moments = states.map((moment) => ({
    ...moment,
    atMs: Math.min(moment.atMs, fromMs),
    overAtMs,
  }));
  return { id: auction.id, plain, moments, isUncertain };
}

/**
 * The record up to the bid to which a failover went back, although later ones were recorded, followed by the bids that
 * Redis accepted then and lost when the auction was restored.
 */
function rewoundBranches(
  stage: Stage,
  auction: StoredAuction,
  { atMs, sequences }: Loss,
  lost: readonly PlacedBid[],
): LostBranch[] {
  const sequence = sequences.get(auction.id);
  const next = sequence === undefined ? undefined : auction.record[sequence];
  // The next bid was recorded by then, or it came only afterwards.
  if (!next || next.atMs > atMs + skewOf(stage)) return [];
  const record = auction.record.slice(0, sequence);
  const later = lost.filter(
    ({ answer, answeredAtMs }) => answeredAtMs >= atMs && IS_ACCEPTED.test(answer),
  );
  const { plain, moments: states } = continued(stage, { ...auction, record }, later);
  const overAtMs = atMs + RESTORED_WITHIN_MS;
  const moments = states.map((moment) => ({ ...moment, atMs, overAtMs }));
  return [{ id: auction.id, plain, moments, isUncertain: false }];
}

/** A record's last state, and those after the bids that followed it. */
function continued(stage: Stage, auction: StoredAuction, bids: readonly PlacedBid[]) {
  const plain = replay(stage, auction);
  const from = plain.moments.length - 1;
  const inOrder = bids.toSorted(
    (one, other) => priceOf(one) - priceOf(other) || one.answeredAtMs - other.answeredAtMs,
  );
  for (const bid of inOrder) plain.accept(bid, bid.answeredAtMs);
  return { plain, moments: plain.moments.slice(from) };
}

/** The price in a bidder's answer. */
function priceOf({ answer }: PlacedBid): number {
  return minorOf(/\*\*([^*]*)\*\*/.exec(answer)?.[1]);
}
