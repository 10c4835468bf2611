import { randomUUID } from "node:crypto";
import type { Deps } from "../runtime/deps.ts";
import { NotYetError } from "../runtime/task-worker.ts";

/** Longer than a run with Discord's waits takes as a rule; a second run then finds less to do. */
const LOCK_SECONDS = 60;
/** Together longer than an edit takes as a rule. */
export const BOARD_LOCK_WAITS_MS = [200, 400, 800, 1600] as const;

/**
 * Does what reads an auction and shows it: one at a time, so that no older state overwrites a newer one.
 * While another is under way it looks again after each of the waits, then throws NotYetError.
 */
export async function underBoardLock<T>(
  auctionId: string,
  waitsMs: readonly number[],
  work: () => Promise<T>,
  { redis, clock }: Pick<Deps, "redis" | "clock">,
): Promise<T> {
  const client = await redis();
  const owner = randomUUID();
  const lock = `auction-board-lock:${auctionId}`;
  for (const waitMs of [...waitsMs, undefined]) {
    if (await client.set(lock, owner, { nx: true, ex: LOCK_SECONDS })) break;
    if (waitMs === undefined) throw new NotYetError("Another edit of the board is under way");
    await clock.sleep(waitMs);
  }
  try {
    return await work();
  } finally {
    if ((await client.get(lock)) === owner) await client.del(lock);
  }
}
