import type { RedisConnection } from "../../../../shared/clients/redis.ts";
import { createScript } from "../../../../shared/clients/redis-script.ts";
import { auctionKeys, channelKey } from "../keys.ts";
import source from "./cancel.lua";
import { KEPT_FOR_MS } from "./close.ts";

const outcomes = ["cancelled", "closed", "void", "missing"] as const;

/** The outcome of cancelling; `closed` and `void` mean that it came too late. */
export type CancelOutcome = (typeof outcomes)[number];

/** Ends a running auction without a winner. Idempotent: a repeat returns the same outcome. */
export function createCancelling(redis: RedisConnection) {
  const run = createScript(redis, source);
  return async ({
    auctionId,
    channelIds,
  }: {
    auctionId: string;
    channelIds: readonly string[];
  }): Promise<CancelOutcome> => {
    const { auction, bids } = auctionKeys(auctionId);
    const keys = [auction, bids, ...channelIds.map(channelKey)];
    const reply = await run(keys, [auctionId, String(KEPT_FOR_MS)]);
    const outcome = outcomes.find((known) => known === reply);
    if (!outcome) throw new Error(`An auction was cancelled as ${reply}.`);
    return outcome;
  };
}
