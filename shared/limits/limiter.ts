import type { RedisConnection } from "../clients/redis.ts";
import { createScript } from "../clients/redis-script.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Log } from "../runtime/log.ts";
import source from "./count-use.lua";
import { type Admission, type Limit, type LimitName, limitNames, limits } from "./limits.ts";

/** One use: the user, and the interaction's id, which identifies repeats. */
export interface Use {
  readonly userId: string;
  readonly id: string;
}

/** Whether the script counts the use or only checks. */
type Mode = "count" | "look";

export type Limiter = ReturnType<typeof createLimiter>;

/**
 * Counts people's uses against `limits`. It never throws: while Redis does not answer, each limit's `withoutRedis`
 * decides.
 */
export function createLimiter(redis: RedisConnection, clock: Clock, log: Log) {
  const run = createScript(redis, source);

  /** Runs the script; if Redis does not answer, the limit's `withoutRedis` decides. */
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
    /** Counts a use if the limit has room for it. Idempotent by the use's id. */
    count: (name: LimitName, use: Use): Promise<Admission> => admit(name, use, "count"),

    /** Whether the limit has room for a use that is counted later, when it succeeds. */
    check: (name: LimitName, use: Use): Promise<Admission> => admit(name, use, "look"),
  };
}

/** The key of someone's uses; it expires once the last of them has left its window. */
function limitKey(name: LimitName, userId: string): string {
  return `limit:${name}:${userId}`;
}

/** Every key that contains a user's id. */
export function limitKeysOf(userId: string): string[] {
  return limitNames.map((name) => limitKey(name, userId));
}
