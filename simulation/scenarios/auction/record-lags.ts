import { mustHold } from "../../rules.ts";
import type { Stage } from "../../stage.ts";
import { auctionLogOf, type Replayed, skewOf } from "./auction-log.ts";
import { slowMs, troublesWithin } from "./troubles.ts";

/** Bids are recorded within this time; Redis can lose at most the newer ones. */
const RECORDED_WITHIN_MS = 2_000;
/** How much an ended instance delays its work; other instances continue meanwhile. */
const TAKEN_OVER_WITHIN_MS = 15_000;
/** Faults longer ago than this have no effect any more: no instance is frozen for longer. */
const FAULT_EFFECT_MS = 75_000;

const BID = /\/documents\/(auctions\/[^/]+\/bids\/[^/]+)$/;

/** Records when each bid is stored. */
export function watchRecord({ cloud }: Stage, recordedAtMs: Map<string, number>): void {
  cloud.onCommit?.((_database, changes, atMicros) => {
    for (const { name, before } of changes) {
      const [, path] = BID.exec(name) ?? [];
      if (path && !before) recordedAtMs.set(path, atMicros / 1_000);
    }
  });
}

/**
 * Bids are recorded soon after their answers, even when an instance ends. If it ended before its
 * answer, nothing requests recording until the next bid.
 */
export function checkRecordLags(stage: Stage, auctions: readonly Replayed[]): void {
  const { bids, recordedAtMs } = auctionLogOf(stage);
  const answered = new Map(
    bids.flatMap(({ id, answer, answeredAtMs }) => (answer ? [[id, answeredAtMs]] : [])),
  );
  for (const { auction } of auctions) {
    for (const { path, bidId, sequence } of auction.record) {
      const fromMs = answered.get(bidId);
      const toMs = recordedAtMs.get(path) ?? Number.POSITIVE_INFINITY;
      if (fromMs === undefined || toMs <= fromMs + RECORDED_WITHIN_MS) continue;
      const beforeMs = fromMs - FAULT_EFFECT_MS;
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
