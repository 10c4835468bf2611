import { connectRedis, type RedisConnection } from "../../../shared/clients/redis.ts";
import type { TestCloud } from "../cloud.ts";

/** Redis as the functions of a cloud reach it. */
export function redisOf({
  settings,
  fetch,
}: Pick<TestCloud, "settings" | "fetch">): RedisConnection {
  const config = {
    UPSTASH_REDIS_REST_URL: settings.UPSTASH_REDIS_REST_URL ?? "",
    UPSTASH_REDIS_REST_TOKEN: settings.UPSTASH_REDIS_REST_TOKEN ?? "",
  };
  return connectRedis(config, fetch);
}
