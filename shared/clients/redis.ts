import type { Redis } from "@upstash/redis";
import type { Config } from "../runtime/config.ts";
import { lazy } from "../runtime/lazy.ts";

/** Redis, connected on first use. */
export type RedisConnection = () => Promise<Redis>;

/** One request's time, the connection included. */
const REQUEST_TIMEOUT_MS = 800;

/**
 * Connects to Upstash over REST. Commands are sent once and in order, replies are texts as they are, and
 * a timeout is an error: a signal given as an object would make it look like an answer.
 * https://upstash.com/docs/redis/sdks/ts/advanced
 */
export function connectRedis(
  config: Config<"UPSTASH_REDIS_REST_URL" | "UPSTASH_REDIS_REST_TOKEN">,
): RedisConnection {
  return lazy(async () => {
    const { Redis } = await import("@upstash/redis");
    return new Redis({
      url: config.UPSTASH_REDIS_REST_URL,
      token: config.UPSTASH_REDIS_REST_TOKEN,
      retry: { retries: 0 },
      enableAutoPipelining: false,
      automaticDeserialization: false,
      responseEncoding: false,
      enableTelemetry: false,
      signal: () => AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  });
}
