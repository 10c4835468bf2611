import { type ScheduleAuctionBoardDeps, scheduleBoardAt } from "../../boards/schedule-board.ts";
import { type Auction, GOING_ONCE_MS } from "../../domain/auction.ts";
import { hammerDue } from "../../events/auction-tasks.ts";

/** Schedules the hammer for an auction's end, and the board's "going once" shortly before. */
export async function scheduleHammer(
  { id, endsAt }: Pick<Auction, "id" | "endsAt">,
  deps: ScheduleAuctionBoardDeps,
): Promise<void> {
  if (!endsAt) return;
  const endsAtMs = endsAt.getTime();
  // The clock of Cloud Tasks is not ours, and an early hammer would have to be scheduled again.
  const dueAt = new Date(Math.ceil(endsAtMs / 1000) * 1000);
  const task = { id: `hammer.${id}.${endsAtMs}`, auctionId: id, endsAtMs };
  await deps.tasks.enqueue(hammerDue, task, dueAt);
  await scheduleBoardAt(id, new Date(endsAtMs - GOING_ONCE_MS), `going-once.${endsAtMs}`, deps);
}
