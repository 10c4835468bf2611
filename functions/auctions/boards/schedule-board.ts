import { randomUUID } from "node:crypto";
import {
  type ScheduleDeps,
  scheduleAt,
  scheduleUnmarked,
} from "../../../shared/live-message/schedule.ts";
import type { Deps } from "../deps.ts";
import { type AcceptedBid, auctionBoardDue } from "../events/auction-tasks.ts";
import { liveBoard } from "./live-board.ts";

/** The dependencies of `scheduleBoard`. */
export type ScheduleAuctionBoardDeps = ScheduleDeps;

/**
 * Schedules recording an auction's bids and updating its boards within the next second or two. For bids, the
 * script that decides them reports when the board is due. Never fails: the next change schedules it again, and so do
 * the hammer and the sweeper.
 */
export function scheduleBoard(auctionId: string, deps: ScheduleAuctionBoardDeps): Promise<void> {
  return scheduleUnmarked(liveBoard, auctionId, deps);
}

/** An accepted bid is recorded within this time unless Redis has lost it. */
const RECORDED_WITHIN_MS = 3_000;

/** Schedules a check that accepted bids are recorded and not lost. Throws what the Cloud Tasks client throws. */
export async function scheduleLostBidsCheck(
  auctionId: string,
  accepted: readonly AcceptedBid[],
  { tasks, clock }: Pick<Deps, "tasks" | "clock">,
): Promise<void> {
  const dueAt = new Date(clock.now().getTime() + RECORDED_WITHIN_MS);
  const id = `auction-bids.${auctionId}.${randomUUID()}`;
  await tasks.enqueue(auctionBoardDue, { id, auctionId, accepted: [...accepted] }, dueAt);
}

/** Schedules a board update at a given time, once per `name`. Never fails. */
export function scheduleBoardAt(
  auctionId: string,
  dueAt: Date,
  name: string,
  deps: Pick<Deps, "tasks" | "log">,
): Promise<void> {
  return scheduleAt(liveBoard, auctionId, dueAt, name, deps);
}
