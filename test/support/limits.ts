import { createLimiter } from "../../shared/limits/limiter.ts";
import type { LimitName } from "../../shared/limits/limits.ts";
import { createLog } from "../../shared/runtime/log.ts";
import { redisOf } from "./clients/redis.ts";
import type { TestCloud } from "./cloud.ts";

/** Counts this many uses of a limited action for someone. */
export async function countUses(
  cloud: TestCloud,
  name: LimitName,
  userId: string,
  times: number,
): Promise<void> {
  const limiter = createLimiter(
    redisOf(cloud),
    cloud.clock,
    createLog(() => undefined),
  );
  for (let time = 0; time < times; time += 1) {
    await limiter.count(name, { userId, id: `${userId}.${time}` });
  }
}
