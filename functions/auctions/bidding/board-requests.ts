import { type ScheduleAuctionBoardDeps, scheduleBoard } from "../boards/schedule-board.ts";

/** The longest that a bidder waits for Cloud Tasks. */
export const TASKS_DEADLINE_MS = 500;
/** An instance schedules a board of an auction that Redis does not decide at most once in this time. */
const REQUESTED_EVERY_MS = 1000;
/** For how many auctions an instance remembers when it last scheduled a board. */
const MAX_REMEMBERED = 1000;

/** Schedules boards on behalf of bids. */
export function createBoardRequests(deps: ScheduleAuctionBoardDeps) {
  const { clock } = deps;
  const requestedAtMs = new Map<string, number>();

  /** Schedules a board. A bidder's answer does not wait for a slow Cloud Tasks; later bids schedule it again. */
  function request(auctionId: string): Promise<void> {
    return Promise.race([scheduleBoard(auctionId, deps), clock.sleep(TASKS_DEADLINE_MS)]);
  }

  return {
    request,

    /** Does the same at most once a second, for an auction without a decision that reports when its board is due. */
    async requestSometimes(auctionId: string): Promise<void> {
      const nowMs = clock.now().getTime();
      const lastMs = requestedAtMs.get(auctionId) ?? Number.NEGATIVE_INFINITY;
      if (nowMs - lastMs < REQUESTED_EVERY_MS) return;
      if (requestedAtMs.size >= MAX_REMEMBERED) requestedAtMs.clear();
      requestedAtMs.set(auctionId, nowMs);
      await request(auctionId);
    },
  };
}
