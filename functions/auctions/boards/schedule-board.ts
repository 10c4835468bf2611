import { randomUUID } from "node:crypto";
import type { Deps } from "../deps.ts";
import { type AcceptedBid, auctionBoardDue } from "../events/auction-tasks.ts";

/** What asking for fresh boards needs. */
export type ScheduleAuctionBoardDeps = Pick<Deps, "tasks" | "clock" | "log">;

/** Discord takes about one edit a second in a channel. */
const EDIT_INTERVAL_MS = 1000;

/**
 * Asks for an auction's bids to be recorded and its boards to show them, within the next second or
 * two. Never fails: the next change asks again, and the hammer and the sweeper do the same.
 */
export function scheduleBoard(auctionId: string, deps: ScheduleAuctionBoardDeps): Promise<void> {
  const dueAt = new Date(deps.clock.now().getTime() + EDIT_INTERVAL_MS);
  return scheduleBoardAt(auctionId, dueAt, randomUUID(), deps);
}

/** By then a bid is recorded, unless Redis has lost it. */
const RECORDED_WITHIN_MS = 3_000;

/** Has it made sure that bids which were answered as accepted are not lost. Throws what Cloud Tasks does. */
export async function scheduleLookFor(
  auctionId: string,
  accepted: readonly AcceptedBid[],
  { tasks, clock }: Pick<Deps, "tasks" | "clock">,
): Promise<void> {
  const dueAt = new Date(clock.now().getTime() + RECORDED_WITHIN_MS);
  const id = `auction-bids.${auctionId}.${randomUUID()}`;
  await tasks.enqueue(auctionBoardDue, { id, auctionId, accepted: [...accepted] }, dueAt);
}

/** Asks for fresh boards at a given time, once for each `name`. Never fails. */
export async function scheduleBoardAt(
  auctionId: string,
  dueAt: Date,
  name: string,
  { tasks, log }: Pick<Deps, "tasks" | "log">,
): Promise<void> {
  try {
    await tasks.enqueue(
      auctionBoardDue,
      { id: `auction-board.${auctionId}.${name}`, auctionId },
      dueAt,
    );
  } catch (error) {
    log.error("An auction's board was not scheduled", error, { auction: auctionId });
  }
}
