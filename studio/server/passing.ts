import { setTimeout as wait } from "node:timers/promises";
import type { Cloud } from "../../local/cloud/cloud.ts";

type Passing = Pick<Cloud, "clock" | "scheduler" | "settle">;

const HOUR_MS = 3_600_000;
/** Over a longer time, the sweeper is called once in each of these instead of every few minutes. */
const SWEPT_EVERY_MS = 6 * HOUR_MS;
/** The sweeper is called once within this time. */
const SWEPT_MS = HOUR_MS / 4;
/** Real time after which time moves on although something has not ended: it may wait for the clock. */
const ENDS_WITHIN_MS = 5_000;

/**
 * Advances the clock to a time. What is due meanwhile happens at its own time, and time moves on only when it has
 * ended: otherwise transactions and locks would expire while their functions run.
 */
export async function passUntil(atMs: number, cloud: Passing): Promise<void> {
  const { clock, scheduler } = cloud;
  while (atMs - clock.nowMs() > SWEPT_EVERY_MS) {
    scheduler.pause();
    try {
      await passThrough(clock.nowMs() + SWEPT_EVERY_MS - SWEPT_MS, cloud);
    } finally {
      scheduler.resume();
    }
    await passThrough(clock.nowMs() + SWEPT_MS, cloud);
  }
  await passThrough(atMs, cloud);
}

/** Stops at each thing that is due. */
async function passThrough(atMs: number, { clock, settle }: Passing): Promise<void> {
  const ended = () => Promise.race([settle(), wait(ENDS_WITHIN_MS)]);
  await ended();
  for (;;) {
    const dueMs = clock.upcoming()[0]?.atMs ?? atMs;
    await clock.advance(Math.max(0, Math.min(dueMs, atMs) - clock.nowMs()));
    await ended();
    if (dueMs >= atMs) return;
  }
}
