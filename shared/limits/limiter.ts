import type { RedisConnection } from "../clients/redis.ts";
import { createScript } from "../clients/redis-script.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import source from "./count-use.lua";
import { type Admission, type Limit, type LimitName, limitNames, limits } from "./limits.ts";

/** One use: who, and the interaction's id, by which a repeat is known. */
export interface Use {
  readonly userId: string;
  readonly id: string;
}

/** Whether the script counts the use, or only looks. */
type Mode = "count" | "look";

export type Limiter = ReturnType<typeof createLimiter>;

/**
 * Counts what people do against `limits`. It never throws: while Redis does not answer, each limit's
 * own row says what happens.
 */
export function createLimiter(redis: RedisConnection, clock: Clock, log: Log) {
  const run = createScript(redis, source);

  /** Asks the script; where it does not answer, the limit's row says what happens. */
  async function admit(name: LimitName, { userId, id }: Use, mode: Mode): Promise<Admission> {
    const { most, windowMs, withoutRedis }: Limit = limits[name];
    try {
      const args = [id, clock.now().getTime(), windowMs, most, mode].map(String);
      const fullUntilMs = Number(await run([limitKey(name, userId)], args));
      if (Number.isNaN(fullUntilMs)) throw new Error("The count of a use is not a number.");
      return fullUntilMs === 0
        ? { isAllowed: true }
        : { isAllowed: false, retryAt: new Date(fullUntilMs) };
    } catch (error) {
      log.error("A limit could not be checked", error, { limit: name, withoutRedis });
      return withoutRedis === "allow"
        ? { isAllowed: true }
        : { isAllowed: false, retryAt: undefined };
    }
  }

  return {
    /** Counts a use if there is room for it. The same id again is allowed again and counts once. */
    count: (name: LimitName, use: Use): Promise<Admission> => admit(name, use, "count"),

    /** Whether there is room for a use, which is counted later, once something has come of it. */
    check: (name: LimitName, use: Use): Promise<Admission> => admit(name, use, "look"),
  };
}

/** Where someone's uses are counted; gone once the last of them has left its window. */
function limitKey(name: LimitName, userId: string): string {
  return `limit:${name}:${userId}`;
}

/** Every key that names someone. */
export function limitKeysOf(userId: string): string[] {
  return limitNames.map((name) => limitKey(name, userId));
}
