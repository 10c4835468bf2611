import type { RedisConnection } from "../../../../shared/clients/redis.ts";
import { createScript } from "../../../../shared/clients/redis-script.ts";
import { auctionKeys } from "../keys.ts";
import source from "./void.lua";

const outcomes = ["void", "live", "cancelled", "missing"] as const;

/** The outcome of voiding a result; `live` and `cancelled` mean that there is no result. */
export type VoidOutcome = (typeof outcomes)[number];

/** Voids the result of a closed auction. Idempotent: a repeat returns the same outcome. */
export function createVoiding(redis: RedisConnection) {
  const run = createScript(redis, source);
  return async (auctionId: string): Promise<VoidOutcome> => {
    const reply = await run([auctionKeys(auctionId).auction], []);
    const outcome = outcomes.find((known) => known === reply);
    if (!outcome) throw new Error(`An auction was voided as ${reply}.`);
    return outcome;
  };
}
