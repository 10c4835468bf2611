import { createBidding } from "../../functions/auctions/engine/bids/bid.ts";
import { createAuctionEngine } from "../../functions/auctions/engine/engine.ts";
import type { Deps } from "../../functions/ingress/deps.ts";
import { handler } from "../../functions/ingress/handlers/discord-interactions.ts";
import { createScript } from "../../shared/clients/redis-script.ts";
import type { FunctionHandler } from "../../shared/runtime/http.ts";
import { lazy } from "../../shared/runtime/lazy.ts";

/** `discord-interactions` with each bid in its own request. */
export const alone = bidsSentBy({ enableAutoPipelining: false });

/** The same with @upstash/redis's default, automatic pipelining. */
export const pipelined = bidsSentBy({ enableAutoPipelining: true });

function bidsSentBy(options: { readonly enableAutoPipelining: boolean }): FunctionHandler<Deps> {
  return (deps) => {
    const redis = lazy(async () => {
      const { Redis } = await import("@upstash/redis");
      return new Redis({
        url: deps.config.UPSTASH_REDIS_REST_URL,
        token: deps.config.UPSTASH_REDIS_REST_TOKEN,
        retry: { retries: 0 },
        automaticDeserialization: false,
        responseEncoding: false,
        enableTelemetry: false,
        signal: () => AbortSignal.timeout(800),
        ...options,
      });
    });
    const auctionEngine = {
      ...createAuctionEngine(redis),
      bid: createBidding(redis, createScript),
    };
    return handler({ ...deps, redis, auctionEngine });
  };
}
