import type { Redis } from "@upstash/redis";
import type { RedisConnection } from "../../../shared/clients/redis.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import type { RecordedBid } from "../store/bids/recorded-bid.ts";
import { auctionKeys, extensionField, noticeField, removalField } from "./keys.ts";
import { entry, NOBODY, state as packedState, terms as packedTerms } from "./state.ts";

/** Bids read per call; recording reads further pages while there are more. */
const PAGE = 1000;

/** The progress of an auction in Redis. */
export interface EngineProgress {
  /** The sequence number of the last accepted bid, from the auction's hash. */
  readonly sequence: number;
  /** The same from the stream of accepted bids. The two differ if Redis has lost part of either. */
  readonly newest: number;
  /** Whether the stream's newest bid led to the hash's state: they may have the same number and differ. */
  readonly isSameBid: boolean;
  readonly bidders: number;
  readonly endsAt: Date;
}

/** How an auction has ended in Redis. */
export interface EngineEnding {
  readonly status: Exclude<EngineSnapshot["status"], "live">;
  /** False if it had no reserve, or if its seller has sold it below the reserve. */
  readonly hasReserve: boolean;
}

/** An auction as Redis stores it. Amounts in minor units. */
export interface EngineSnapshot {
  readonly status: "live" | "closed" | "cancelled" | "void";
  readonly sequence: number;
  readonly bids: number;
  readonly price: number;
  readonly leaderId: string | undefined;
  readonly endsAt: Date;
  /** When the last bid was decided. */
  readonly at: Date;
  readonly bidders: number;
}

type PackedState = NonNullable<ReturnType<typeof packedState.decode>>;

/** What only an accepted bid or a removal changes. */
const STANDING = ["leaderId", "leaderSequence", "ceiling", "price", "bids"] as const;
const kinds = ["bid", "ceiling", "removal"] as const;
const statuses = ["live", "closed", "cancelled", "void"] as const;

/** Reads what the Lua scripts have written. */
export function createReading(redis: RedisConnection) {
  return {
    /**
     * The progress of an auction in Redis; undefined when Redis does not have it or its state can't be read.
     */
    async progress(auctionId: string): Promise<EngineProgress | undefined> {
      const { auction, bids } = auctionKeys(auctionId);
      // One transaction: a bid accepted between separate reads would look like data loss.
      const together = (await redis()).multi();
      together.hget(auction, "state").xrevrange(bids, "+", "-", 1);
      const [state, entries] = await together.exec<[unknown, unknown]>();
      const read = packedState.decode(state);
      // A state that can't be read counts as lost and is restored from the record.
      if (!read) return undefined;
      const [newest] = entriesOf(entries);
      return {
        sequence: read.sequence,
        newest: newest ? sequenceOf(newest[0]) : 0,
        isSameBid: !newest || leadsTo(newest[1].get("state"), read),
        bidders: read.bidders,
        endsAt: new Date(read.endsAtMs),
      };
    },

    /** An auction's currency, as an ISO 4217 code in lower case; undefined when Redis does not have the auction. */
    async currency(auctionId: string): Promise<string | undefined> {
      const { auction } = auctionKeys(auctionId);
      return (await (await redis()).hget<string>(auction, "currency")) ?? undefined;
    },

    /** How an auction has ended in Redis; undefined while it runs, or when Redis does not have it. */
    async ending(auctionId: string): Promise<EngineEnding | undefined> {
      const { auction } = auctionKeys(auctionId);
      const found: unknown = await (await redis()).hmget(auction, "status", "terms");
      const [word, terms]: unknown[] = Array.isArray(found) ? found : [];
      const status = statuses.find((known) => known === word);
      if (!status || status === "live") return undefined;
      return { status, hasReserve: packedTerms.decode(terms)?.reserve !== 0 };
    },

    /** The end to which an operation has extended an auction; undefined if Redis does not know the operation. */
    async extendedTo(auctionId: string, operationId: string): Promise<Date | undefined> {
      const { auction } = auctionKeys(auctionId);
      const end = await (await redis()).hget<string>(auction, extensionField(operationId));
      return end === null ? undefined : new Date(readEnd(end));
    },

    /** Whether an operation has removed a bidder's bids from an auction or found none, as far as Redis knows. */
    async isRemovalDecided(auctionId: string, operationId: string): Promise<boolean> {
      const { auction } = auctionKeys(auctionId);
      return (await (await redis()).hexists(auction, removalField(operationId))) === 1;
    },

    /**
     * What operators want to know about an auction; undefined when Redis does not have it. Throws TerminalError
     * when its state can't be read.
     */
    async snapshot(auctionId: string): Promise<EngineSnapshot | undefined> {
      const { auction } = auctionKeys(auctionId);
      const found: unknown = await (await redis()).hmget(auction, "status", "state");
      const [word, text]: unknown[] = Array.isArray(found) ? found : [];
      const status = statuses.find((known) => known === word);
      if (!status || typeof text !== "string") return undefined;
      const { nowMs, sequence, bids, bidders, price, leaderId, endsAtMs } = readState(text);
      return {
        status,
        sequence,
        bids,
        price,
        leaderId: nobodyOr(leaderId),
        endsAt: new Date(endsAtMs),
        at: new Date(nowMs),
        bidders,
      };
    },

    /**
     * The accepted bids after `sequence`, oldest first, at most 1000, and the id of the bid with that number. If the
     * record has a different id, Redis lost bids and then accepted others.
     */
    async bidsAfter(
      auctionId: string,
      sequence: number,
    ): Promise<{ readonly anchorId: string | undefined; readonly bids: readonly RecordedBid[] }> {
      const client = await redis();
      const { auction, bids } = auctionKeys(auctionId);
      const found: unknown = await client.xrange(bids, `${sequence}-0`, "+", PAGE + 1);
      const entries = entriesOf(found);
      const [first] = entries;
      const anchor = first && sequenceOf(first[0]) === sequence ? first : undefined;
      // Another instance may have recorded more and restored Redis from that: its anchor is no bid.
      const after = entries.filter((each) => each !== anchor && !isAnchor(each));
      const accepted = after.map(toAcceptedBid);
      const anchorId = entry.decode(anchor?.[1].get("bid"))?.id;
      return { anchorId, bids: await withNotices(client, auction, accepted) };
    },
  };
}

/** Whether a bid's state is the auction's, as in shared.lua: time and end may have moved since. */
function leadsTo(text: string | undefined, now: PackedState): boolean {
  const after = packedState.decode(text);
  return !after || STANDING.every((name) => after[name] === now[name]);
}

/** Decodes an auction's state. Throws TerminalError if it can't be read, so that nothing false is recorded. */
function readState(text: string | undefined) {
  const read = packedState.decode(text);
  if (!read) throw new TerminalError(`Redis holds ${JSON.stringify(text)} as an auction's state.`);
  return read;
}

/** Decodes an end stored by extend.lua. Throws TerminalError for anything else. */
function readEnd(text: unknown): number {
  if (!/^\d{1,15}$/.test(String(text))) {
    throw new TerminalError(`Redis holds ${JSON.stringify(text)} as an auction's end.`);
  }
  return Number(text);
}

function nobodyOr(id: string): string | undefined {
  return id === NOBODY ? undefined : id;
}

function sequenceOf(entryId: string): number {
  return Number.parseInt(entryId, 10);
}

/** Parses stream entries as Redis returns them: each an id and a flat list of field names and values. */
function entriesOf(found: unknown): [id: string, fields: ReadonlyMap<string, string>][] {
  if (!Array.isArray(found)) throw new Error("A stream's entries are not a list.");
  return found.map(([id, fields]: [string, string[]]) => {
    const pairs = fields.flatMap((name, index): [string, string][] =>
      index % 2 === 0 ? [[name, fields[index + 1] ?? ""]] : [],
    );
    return [id, new Map(pairs)];
  });
}

/** An accepted bid, and the bidder it outbid. */
type AcceptedBid = Omit<RecordedBid, "notifiedBidderId"> & {
  readonly outbidId: string | undefined;
};

/** Whether open.lua wrote an entry when it restored an auction: the last recorded bid, by its id alone. */
function isAnchor([, fields]: [string, ReadonlyMap<string, string>]): boolean {
  return entry.decode(fields.get("bid"))?.kind === "anchor";
}

function toAcceptedBid([entryId, fields]: [string, ReadonlyMap<string, string>]): AcceptedBid {
  const bid = entry.decode(fields.get("bid"));
  const kind = kinds.find((known) => known === bid?.kind);
  if (!bid || !kind) throw new TerminalError(`Bid ${entryId} can't be read.`);
  const after = readState(fields.get("state"));
  return {
    bidId: bid.id,
    bidderId: bid.bidderId,
    leaderId: after.leaderId,
    kind,
    amount: bid.amount,
    max: bid.max || undefined,
    at: new Date(after.nowMs),
    endsAt: new Date(after.endsAtMs),
    sequence: sequenceOf(entryId),
    bids: after.bids,
    price: after.price,
    ceiling: after.ceiling,
    leaderSequence: after.leaderSequence,
    outbidId: nobodyOr(bid.outbidId),
  };
}

/** Adds to each bid the bidder it outbid, if that bidder asked to be notified. */
async function withNotices(
  client: Redis,
  auction: string,
  bids: readonly AcceptedBid[],
): Promise<RecordedBid[]> {
  const outbid = [...new Set(bids.flatMap(({ outbidId }) => outbidId ?? []))];
  const fields = outbid.map(noticeField);
  const asked: unknown = fields.length > 0 ? await client.hmget(auction, ...fields) : [];
  if (!Array.isArray(asked)) throw new Error("Fields of an auction are not a list.");
  const notified = new Set(outbid.filter((_, index) => asked[index] !== null));
  return bids.map(({ outbidId, ...bid }) => ({
    ...bid,
    notifiedBidderId: outbidId !== undefined && notified.has(outbidId) ? outbidId : undefined,
  }));
}
