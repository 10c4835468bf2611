import { mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import type { Replayed } from "./answer-checks.ts";
import { houseOf } from "./house.ts";

/** How old a board may be while people bid, and how often it was looked at. */
const BOARD_AGE_MS = 2_000;
const LOOKED_EVERY_MS = 100;
const HOUR_MS = 3_600_000;

/** While nothing goes wrong, boards keep up with the bids, and every bid is answered in time. */
export function checkLiveness(stage: Stage, auctions: readonly Replayed[]): void {
  const { bids, shown } = houseOf(stage);
  if (stage.swarm.kinds.size > 0) return;
  for (const bid of bids) {
    mustHold("Liveness", bid.answer !== "", () => `bid ${bid.id} was not answered in 3 seconds`);
  }
  for (const { auction } of auctions) {
    for (const { kind, sequence, atMs, bids: number } of auction.record) {
      if (kind !== "bid") continue;
      for (const { messageId } of auction.boards) {
        const posted = shown.find((each) => each.messageId === messageId);
        if (!posted || posted.atMs > atMs) continue;
        // simulation/known-defects.md, auction, Liveness: boards older than an hour.
        if (posted.atMs + HOUR_MS <= atMs + BOARD_AGE_MS) continue;
        const first = shown.find((each) => each.messageId === messageId && each.bids >= number);
        const ageMs = (first?.atMs ?? Number.POSITIVE_INFINITY) - atMs;
        mustHold(
          "Liveness",
          ageMs - slowMs(stage, atMs, atMs + ageMs) <= BOARD_AGE_MS + LOOKED_EVERY_MS,
          () =>
            `a board of auction ${auction.id} showed bid ${sequence} of ${new Date(atMs).toISOString()} only ${ageMs} ms later`,
        );
      }
    }
  }
}

/** What single calls of others took unusually long, within a time: that is not ours. */
function slowMs({ faults }: Stage, fromMs: number, toMs: number): number {
  const within = faults.slowCalls.filter((call) => call.fromMs < toMs && call.toMs > fromMs);
  return within.reduce((total, call) => total + call.toMs - call.fromMs, 0);
}
