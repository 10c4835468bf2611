import type { RedisConnection } from "../../../../shared/clients/redis.ts";
import { createScript, texts } from "../../../../shared/clients/redis-script.ts";
import { type Bidder, MAX_CONSIDERED } from "../../domain/auction.ts";
import { auctionKeys, channelKey } from "../keys.ts";
import { withShared } from "../script.ts";
import { NOBODY, state } from "../state.ts";
import source from "./close.lua";

/** The outcome of closing an auction. */
export type CloseResult =
  | { readonly outcome: "open"; readonly endsAt: Date }
  | {
      readonly outcome: "sold";
      readonly price: number;
      readonly winnerId: string;
      readonly bids: number;
      readonly sequence: number;
      readonly endsAt: Date;
      readonly runnersUp: readonly Bidder[];
    }
  | {
      readonly outcome: "unsold";
      readonly price: number;
      readonly leaderId: string | undefined;
      readonly bids: number;
      readonly sequence: number;
      readonly endsAt: Date;
    }
  | { readonly outcome: "cancelled" | "void" | "missing" };

/** How long Redis keeps an auction that is over. Its last bids are copied to Firestore within minutes. */
export const KEPT_FOR_MS = 8 * 24 * 3_600_000;

/**
 * How to close an auction: `due` only once its end has passed, `now` at once. `sell` also closes it at once, but only
 * if the highest bid is below the reserve, which it waives; it also sells an auction that has already closed unsold.
 */
export type CloseHow = "due" | "now" | "sell";

/**
 * Closes an auction by Redis's clock; returns `open` if it stays open. Idempotent: a repeat returns the same
 * outcome.
 */
export function createClosing(redis: RedisConnection) {
  const run = createScript(redis, withShared(source));
  return async (
    { auctionId, channelIds }: { auctionId: string; channelIds: readonly string[] },
    how: CloseHow = "due",
  ): Promise<CloseResult> => {
    const { auction, bids } = auctionKeys(auctionId);
    const reply = await run(
      [auction, bids, ...channelIds.map(channelKey)],
      [auctionId, String(MAX_CONSIDERED), String(KEPT_FOR_MS), how],
    );
    const [outcome, text, ...runnersUp] = texts(reply);
    if (outcome === "cancelled" || outcome === "void" || outcome === "missing") return { outcome };
    const after = state.decode(text);
    if (!after) throw new Error(`An auction was closed as ${outcome} ${text}.`);
    const { price, leaderId, bids: count, sequence } = after;
    const endsAt = new Date(after.endsAtMs);
    const result = { price, bids: count, sequence, endsAt };
    switch (outcome) {
      case "open":
        return { outcome, endsAt };
      case "sold":
        return { outcome, winnerId: leaderId, ...result, runnersUp: biddersIn(runnersUp) };
      case "unsold":
        return { outcome, leaderId: leaderId === NOBODY ? undefined : leaderId, ...result };
      default:
        throw new Error(`An auction was closed as ${outcome}.`);
    }
  };
}

function biddersIn(parts: readonly string[]): Bidder[] {
  return parts.flatMap((bidderId, index) =>
    index % 2 === 0 ? [{ bidderId, amount: Number(parts[index + 1]) }] : [],
  );
}
