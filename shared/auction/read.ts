import type { RedisConnection } from "../clients/redis.ts";
import type { Bidder } from "../domain/auction.ts";
import type { RecordedBid } from "../store/bids.ts";
import { auctionKeys } from "./keys.ts";

/** An accepted bid as Redis recorded it, in the same script call that accepted it. */
export interface AcceptedBid extends RecordedBid {
  /** The leader whom it has outbid, if they want to be told. */
  readonly toldBidderId: string | undefined;
}

/** So many bids are read at once; a board's task reads on while there are more. */
const PAGE = 500;
/** Scores order by amount, then by who was first; as in bid.lua. */
const SEQUENCES = 4_194_304n;
/** Members written at once. */
const BATCH = 500;

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

    /** The accepted bids after a sequence number, oldest first, at most 500. */
    async bidsAfter(auctionId: string, sequence: number): Promise<AcceptedBid[]> {
      const client = await redis();
      const { bids } = auctionKeys(auctionId);
      const found: unknown = await client.xrange(bids, `${sequence + 1}-0`, "+", PAGE);
      return entriesOf(found).map(toAcceptedBid);
    },

    /** Writes again who has bid how high, before an auction is restored. */
    async restoreBidders(
      auctionId: string,
      commitments: readonly (Bidder & { readonly sequence: number })[],
    ): Promise<void> {
      const client = await redis();
      const { bidders } = auctionKeys(auctionId);
      await client.del(bidders);
      for (let from = 0; from < commitments.length; from += BATCH) {
        const [first, ...others] = commitments.slice(from, from + BATCH).map((bidder) => ({
          score: Number(
            BigInt(bidder.amount) * SEQUENCES + SEQUENCES - 1n - BigInt(bidder.sequence),
          ),
          member: bidder.bidderId,
        }));
        if (first) await client.zadd(bidders, first, ...others);
      }
    },
  };
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

function toAcceptedBid([id, fields]: [string, ReadonlyMap<string, string>]): AcceptedBid {
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
    sequence: Number.parseInt(id, 10),
    bids: number("bids"),
    price: number("price"),
    leaderId: text("leader"),
    ceiling: number("ceiling"),
    leaderSequence: number("leader_sequence"),
    toldBidderId: outbid === "-" ? undefined : outbid,
  };
}
