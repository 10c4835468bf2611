import type { RedisConnection } from "../../../shared/clients/redis.ts";
import { createScript } from "../../../shared/clients/redis-script.ts";
import { auctionKeys } from "./keys.ts";
import source from "./remove.lua";
import { withShared } from "./script.ts";

const outcomes = ["removed", "none", "closed", "cancelled", "void", "torn", "missing"] as const;

/** What taking someone's bids out came to; `none` when they had none. */
export type RemoveOutcome = (typeof outcomes)[number];

/** Whose bids are taken out of which auction, by which operation. */
export interface Removal {
  readonly operationId: string;
  readonly auctionId: string;
  readonly bidderId: string;
  readonly startPrice: number;
}

/** Takes all bids of one bidder out of a running auction. The same operation again says the same. */
export function createRemoving(redis: RedisConnection) {
  const run = createScript(redis, withShared(source));
  return async (removal: Removal): Promise<RemoveOutcome> => {
    const { auction, bids, bidders } = auctionKeys(removal.auctionId);
    const { operationId, bidderId, startPrice } = removal;
    const reply = await run([auction, bids, bidders], [operationId, bidderId, String(startPrice)]);
    const outcome = outcomes.find((known) => known === reply);
    if (!outcome) throw new Error(`Bids were removed as ${reply}.`);
    return outcome;
  };
}
