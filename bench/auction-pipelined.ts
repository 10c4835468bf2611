import { handler } from "../functions/discord-interactions/index.ts";
import { createAuctionEngine } from "../shared/auction/engine.ts";
import type { FunctionHandler } from "../shared/runtime/http.ts";
import { lazy } from "../shared/runtime/lazy.ts";

/** `discord-interactions` with the automatic pipelining that @upstash/redis has unless told. */
export const pipelined: FunctionHandler = (deps) => {
  const redis = lazy(async () => {
    const { Redis } = await import("@upstash/redis");
    return new Redis({
      url: deps.config.UPSTASH_REDIS_REST_URL,
      token: deps.config.UPSTASH_REDIS_REST_TOKEN,
      retry: { retries: 0 },
      enableAutoPipelining: true,
      automaticDeserialization: false,
      enableTelemetry: false,
      signal: () => AbortSignal.timeout(1000),
    });
  });
  return handler({ ...deps, redis, auctionEngine: createAuctionEngine(redis) });
};
