import type { CollectionReference, Database, Query } from "../../../../shared/ports/database.ts";
import { auctionDocument } from "../../documents/auction.ts";
import type { Auction } from "../../domain/auction.ts";
import { readableAuction } from "../auction-document.ts";

/** Documents per query. Lists that people see are shorter. */
export const MAX_LISTED = 100;

/** Reasons why an auction still has work to do; see `unfinished`. */
type Unfinished = "open" | "planned" | "settling" | "unshown";

/** Auctions found by their builder, state or channel. Invalid documents are left out. */
export function createAuctionLists(database: Database) {
  const collection = async () => auctionDocument.all(await database());

  return {
    /** A builder's auctions, newest first, at most 100. */
    async ofBuilder(builderId: string): Promise<Auction[]> {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      return first(theirs.orderBy("created_at", "desc"));
    },

    /** All running auctions of a builder. */
    async *runningOf(builderId: string) {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      yield* each(theirs.where("state", "==", "live").orderBy("__name__"));
    },

    /** A builder's auctions that wait for their stream, out of at most 100 planned ones. */
    async waitingOf(builderId: string): Promise<Auction[]> {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      const planned = await first(theirs.where("state", "==", "planned"));
      return planned.filter(({ opens }) => opens === "live");
    },

    /** Running auctions, the next to end first, at most 100. */
    async running(): Promise<Auction[]> {
      return first(byEnd(await collection()));
    },

    /** Auctions that have not begun, the newest last, at most 100. */
    async planned(): Promise<Auction[]> {
      const planned = await first((await collection()).where("state", "==", "planned"));
      return planned.toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
    },

    /** The id of the auction that runs in a channel, according to the record. */
    async runningIn(channelId: string): Promise<string | undefined> {
      const found = await (await collection())
        .where("state", "==", "live")
        .where("channel_ids", "array-contains", channelId)
        .limit(1)
        .get();
      return found.docs[0]?.id;
    },

    /** The newest auctions of all builders, at most 100. */
    async newest(): Promise<Auction[]> {
      return first((await collection()).orderBy("created_at", "desc"));
    },

    /** All running auctions, the next to end first. */
    async *byEnd() {
      yield* each(byEnd(await collection()));
    },

    /**
     * All auctions that are unfinished in one way: `open` is not over, `planned` has not begun, `settling` has
     * work left after the hammer, `unshown` may have outdated boards. Ordered by id, starting after `after` and then
     * wrapping around to the first.
     */
    async *unfinished(what: Unfinished, after?: string) {
      const auctions = await collection();
      const queries = {
        open: auctions.where("state", "in", ["planned", "live"]),
        planned: auctions.where("state", "==", "planned"),
        settling: auctions.where("is_settling", "==", true),
        unshown: auctions.where("is_board_due", "==", true),
      };
      yield* each(queries[what].orderBy("__name__"), after);
    },
  };
}

function byEnd(auctions: CollectionReference): Query {
  return auctions.where("state", "==", "live").orderBy("ends_at");
}

/** At most 100. */
async function first(query: Query): Promise<Auction[]> {
  return (await query.limit(MAX_LISTED).get()).docs.flatMap(readableAuction);
}

/** Reads page by page, starting after `after` and wrapping around. Yields each auction once, even if it moves. */
async function* each(query: Query, after?: string): AsyncGenerator<Auction> {
  const given = new Set<string>();
  if (after !== undefined) yield* eachOf(query.startAfter(after), query, given);
  yield* eachOf(query, query, given);
}

async function* eachOf(start: Query, query: Query, given: Set<string>): AsyncGenerator<Auction> {
  let rest = start;
  for (;;) {
    const { docs } = await rest.limit(MAX_LISTED).get();
    for (const auction of docs.flatMap(readableAuction)) {
      if (!given.has(auction.id)) yield auction;
      given.add(auction.id);
    }
    const last = docs.at(-1);
    if (!last || docs.length < MAX_LISTED) return;
    rest = query.startAfter(last);
  }
}
