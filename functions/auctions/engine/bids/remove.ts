import type { RedisConnection } from "../../../../shared/clients/redis.ts";
import { createScript } from "../../../../shared/clients/redis-script.ts";
import { auctionKeys } from "../keys.ts";
import { withShared } from "../script.ts";
import source from "./remove.lua";

const outcomes = ["removed", "none", "closed", "cancelled", "void", "torn", "missing"] as const;

/** The outcome of removing a bidder's bids; `none` when there were none. */
export type RemoveOutcome = (typeof outcomes)[number];

/** Names the bidder whose bids are removed, the auction, and the operation that removes them. */
export interface Removal {
  readonly operationId: string;
  readonly auctionId: string;
  readonly bidderId: string;
  readonly startPrice: number;
}

/** Removes all bids of one bidder from a running auction. Idempotent by `operationId`. */
export function createRemoving(redis: RedisConnection) {
  const run = createScript(redis, withShared(source));
  return async (removal: Removal): Promise<RemoveOutcome> => {
    const { auction, bids } = auctionKeys(removal.auctionId);
    const { operationId, bidderId, startPrice } = removal;
    const reply = await run([auction, bids], [operationId, bidderId, String(startPrice)]);
    const outcome = outcomes.find((known) => known === reply);
    if (!outcome) throw new Error(`Bids were removed as ${reply}.`);
    return outcome;
  };
}
