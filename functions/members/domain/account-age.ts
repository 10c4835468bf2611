import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";

const DAY_MS = 24 * 3_600_000;

/**
 * When an account will be old enough to buy and bid; undefined if it is already. Discord's ids contain the
 * account's age, so no call is needed.
 */
export function tooYoungUntil(userId: string, now: Date, minDays: number): Date | undefined {
  if (minDays === 0) return undefined;
  const until = new Date(snowflakeTimeMs(userId) + minDays * DAY_MS);
  return now < until ? until : undefined;
}
