import type { RedisConnection } from "../../../../shared/clients/redis.ts";
import { createScript } from "../../../../shared/clients/redis-script.ts";
import { auctionKeys } from "../keys.ts";
import { withShared } from "../script.ts";
import source from "./extend.lua";

/**
 * Moves an auction's end by `byMs`, and at least to `atLeast`. With a `byMs` of 0, `atLeast` is an end that was decided
 * before and that Redis may have lost: it holds even if Redis's own end has passed, unless the auction is closed.
 */
export interface Extension {
  readonly operationId: string;
  readonly auctionId: string;
  readonly byMs: number;
  readonly atLeast: Date;
}

/** The new end, or why the auction has no end that could move. */
export type ExtendResult = Date | "closed" | "cancelled" | "void" | "missing";

/** Moves the end of a running auction. Idempotent by `operationId`: a repeat returns the same end. */
export function createExtending(redis: RedisConnection) {
  const run = createScript(redis, withShared(source));
  return async ({ operationId, auctionId, byMs, atLeast }: Extension): Promise<ExtendResult> => {
    const args = [operationId, String(byMs), String(atLeast.getTime())];
    const reply = String(await run([auctionKeys(auctionId).auction], args));
    switch (reply) {
      case "closed":
      case "cancelled":
      case "void":
      case "missing":
        return reply;
      default:
        if (!/^\d{1,15}$/.test(reply)) throw new Error(`An auction was extended to ${reply}.`);
        return new Date(Number(reply));
    }
  };
}
