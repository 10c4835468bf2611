import { connectRedis } from "../../shared/clients/redis.ts";
import type { LimitName } from "../../shared/domain/limits.ts";
import { createLimiter } from "../../shared/limits/limiter.ts";
import { createLog } from "../../shared/runtime/log.ts";
import type { TestCloud } from "./cloud.ts";

/** Has it counted that someone has just done something this many times. */
export async function countUses(
  { settings, clock, fetch }: TestCloud,
  name: LimitName,
  userId: string,
  times: number,
): Promise<void> {
  const redis = connectRedis(
    {
      UPSTASH_REDIS_REST_URL: settings["UPSTASH_REDIS_REST_URL"] ?? "",
      UPSTASH_REDIS_REST_TOKEN: settings["UPSTASH_REDIS_REST_TOKEN"] ?? "",
    },
    fetch,
  );
  const limiter = createLimiter(
    redis,
    clock,
    createLog(() => undefined),
  );
  for (let time = 0; time < times; time += 1) {
    await limiter.count(name, { userId, id: `${userId}.${time}` });
  }
}
