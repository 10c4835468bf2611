import type { RedisConnection } from "../clients/redis.ts";
import type { RecordedBid } from "../store/bids.ts";
import { auctionKeys } from "./keys.ts";

/** So many bids are read at once; a board's task reads on while there are more. */
const PAGE = 500;

/** Reads what the scripts have written. */
export function createReading(redis: RedisConnection) {
  return {
    /** How far Redis has come with an auction; undefined when it does not have it. */
    async progress(auctionId: string): Promise<{ sequence: number; bidders: number } | undefined> {
      const client = await redis();
      const { auction, bidders } = auctionKeys(auctionId);
      const sequence = await client.hget<string>(auction, "sequence");
      if (sequence === null) return undefined;
      return { sequence: Number(sequence), bidders: await client.zcard(bidders) };
    },

    /**
     * The accepted bids after `sequence`, oldest first, at most 500, and the id of the bid with that
     * number: another one than the record has means that Redis has lost and gone on.
     */
    async bidsAfter(
      auctionId: string,
      sequence: number,
    ): Promise<{ readonly anchorId: string | undefined; readonly bids: readonly RecordedBid[] }> {
      const client = await redis();
      const { bids } = auctionKeys(auctionId);
      const found: unknown = await client.xrange(bids, `${sequence}-0`, "+", PAGE + 1);
      const entries = entriesOf(found);
      const [first] = entries;
      const anchor = first && sequenceOf(first[0]) === sequence ? first : undefined;
      const after = anchor ? entries.slice(1) : entries;
      return { anchorId: anchor?.[1].get("id"), bids: after.map(toAcceptedBid) };
    },
  };
}

function sequenceOf(entryId: string): number {
  return Number.parseInt(entryId, 10);
}

/** A stream's entries as Redis gives them: each an id and its fields, names and values in turn. */
function entriesOf(found: unknown): [id: string, fields: ReadonlyMap<string, string>][] {
  if (!Array.isArray(found)) throw new Error("A stream's entries are not a list.");
  return found.map(([id, fields]: [string, string[]]) => {
    const pairs = fields.flatMap((name, index): [string, string][] =>
      index % 2 === 0 ? [[name, fields[index + 1] ?? ""]] : [],
    );
    return [id, new Map(pairs)];
  });
}

function toAcceptedBid([id, fields]: [string, ReadonlyMap<string, string>]): RecordedBid {
  const text = (name: string): string => {
    const value = fields.get(name);
    if (value === undefined) throw new Error(`Bid ${id} has no ${name}.`);
    return value;
  };
  const number = (name: string) => Number(text(name));
  const outbid = text("outbid");
  return {
    bidId: text("id"),
    kind: text("kind") === "ceiling" ? "ceiling" : "bid",
    bidderId: text("bidder"),
    amount: number("amount"),
    max: number("max") || undefined,
    at: new Date(number("at")),
    endsAt: new Date(number("ends_at")),
    sequence: sequenceOf(id),
    bids: number("bids"),
    price: number("price"),
    leaderId: text("leader"),
    ceiling: number("ceiling"),
    leaderSequence: number("leader_sequence"),
    toldBidderId: outbid === "-" ? undefined : outbid,
  };
}
