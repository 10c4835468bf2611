import { mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import { auctionLogOf, type Replayed, skewOf } from "./auction-log.ts";
import { slowMs, troublesWithin } from "./troubles.ts";

/** What Redis can lose at the most is what was accepted within this. */
const RECORDED_WITHIN_MS = 2_000;
/** An instance that ends delays what it was at by this; others go on meanwhile. */
const TAKEN_OVER_WITHIN_MS = 15_000;
/** What went wrong so long before has no effect any more: no instance stands still for longer. */
const STRUCK_BEFORE_MS = 75_000;

const BID = /\/documents\/(auctions\/[^/]+\/bids\/[^/]+)$/;

/** Takes note of when each bid comes into the record. */
export function watchRecord({ cloud }: Stage, recordedAtMs: Map<string, number>): void {
  cloud.onCommit?.((_database, changes, atMicros) => {
    for (const { name, before } of changes) {
      const [, path] = BID.exec(name) ?? [];
      if (path && !before) recordedAtMs.set(path, atMicros / 1_000);
    }
  });
}

/**
 * Bids are recorded soon after their bidders were answered; that an instance ended is no reason to wait for long.
 * Where it ended before it answered, nobody asks for the record until the next bid.
 */
export function checkRecordLags(stage: Stage, auctions: readonly Replayed[]): void {
  const { bids, recordedAtMs } = auctionLogOf(stage);
  const answered = new Map(
    bids.flatMap(({ id, answer, heardAtMs }) => (answer ? [[id, heardAtMs]] : [])),
  );
  for (const { auction } of auctions) {
    for (const { path, bidId, sequence } of auction.record) {
      const fromMs = answered.get(bidId);
      const toMs = recordedAtMs.get(path) ?? Number.POSITIVE_INFINITY;
      if (fromMs === undefined || toMs <= fromMs + RECORDED_WITHIN_MS) continue;
      const beforeMs = fromMs - STRUCK_BEFORE_MS;
      const troubles = troublesWithin(stage, beforeMs, toMs);
      const dueMs = fromMs + (troubles.length > 0 ? TAKEN_OVER_WITHIN_MS : RECORDED_WITHIN_MS);
      const slackMs = slowMs(stage, fromMs - RECORDED_WITHIN_MS, toMs) + skewOf(stage);
      mustHold(
        "Liveness",
        troubles.some(({ isEnd }) => !isEnd) || toMs <= dueMs + slackMs,
        () =>
          `bid ${sequence} of auction ${auction.id}, answered at ${new Date(fromMs).toISOString()}, was recorded ${Math.round(toMs - fromMs)} ms later`,
      );
    }
  }
}
