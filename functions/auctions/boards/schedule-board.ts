import { randomUUID } from "node:crypto";
import {
  type ScheduleDeps,
  scheduleAt,
  scheduleUnmarked,
} from "../../../shared/live-message/schedule.ts";
import type { Deps } from "../deps.ts";
import { type AcceptedBid, auctionBoardDue } from "../events/auction-tasks.ts";
import { liveBoard } from "./live-board.ts";

/** What asking for fresh boards needs. */
export type ScheduleAuctionBoardDeps = ScheduleDeps;

/**
 * Asks for an auction's bids to be recorded and its boards to show them, within the next second or
 * two. Of bids the script that decides them asks once a second. Never fails: the next change asks again, and the
 * hammer and the sweeper do the same.
 */
export function scheduleBoard(auctionId: string, deps: ScheduleAuctionBoardDeps): Promise<void> {
  return scheduleUnmarked(liveBoard, auctionId, deps);
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
export function scheduleBoardAt(
  auctionId: string,
  dueAt: Date,
  name: string,
  deps: Pick<Deps, "tasks" | "log">,
): Promise<void> {
  return scheduleAt(liveBoard, auctionId, dueAt, name, deps);
}
