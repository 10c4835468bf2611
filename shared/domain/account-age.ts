import { snowflakeTimeMs } from "./snowflake.ts";

const DAY_MS = 24 * 3_600_000;

/**
 * From when on an account is old enough to buy and bid, where it is not yet. Discord wrote its age into
 * its id, so nothing has to be asked for.
 */
export function tooYoungUntil(userId: string, now: Date, minDays: number): Date | undefined {
  if (minDays === 0) return undefined;
  const until = new Date(snowflakeTimeMs(userId) + minDays * DAY_MS);
  return now < until ? until : undefined;
}
