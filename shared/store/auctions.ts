import type { DocumentSnapshot, Transaction } from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import {
  type Auction,
  type AuctionTerms,
  auctionStates,
  type Claim,
  type Standing,
} from "../domain/auction.ts";
import { TerminalError } from "../runtime/errors.ts";
import { createdNow, parseDocument, stored, timestamp } from "./document.ts";

/** An auction before it opens. */
export type NewAuction = AuctionTerms &
  Pick<Auction, "id" | "opens" | "createdAt" | "imageUrl"> & { readonly channelId: string };

/** A list shows fewer. */
const MAX_LISTED = 100;

const standing = z.object({
  sequence: z.int(),
  bid_id: z.string(),
  bids: z.int(),
  price: z.int(),
  leader_id: z.string(),
  ceiling: z.int(),
  leader_sequence: z.int(),
});
const auctionDocument = z.object({
  builder_id: z.string(),
  title: z.string(),
  currency: z.string(),
  plan: z.enum(["split", "held"]),
  start_price: z.int(),
  reserve: z.int(),
  increment: stored(z.int()),
  duration_ms: z.int(),
  counter_bid_ms: z.int(),
  opens: z.enum(["now", "live"]),
  state: z.enum(auctionStates),
  created_at: timestamp,
  opened_at: stored(timestamp),
  ends_at: stored(timestamp),
  latest_end: stored(timestamp),
  boards: z.array(z.object({ channel_id: z.string(), message_id: stored(z.string()) })),
  image_url: stored(z.string()),
  standing: stored(standing),
  bidder_count: z._default(z.int(), 0),
  is_board_due: z._default(z.boolean(), false),
  runners_up: z._default(z.array(z.object({ bidder_id: z.string(), amount: z.int() })), []),
  claim: stored(
    z.object({
      round: z.int(),
      bidder_id: z.string(),
      amount: z.int(),
      state: z.enum(["offered", "ordered", "paid", "over"]),
      offer_until: stored(timestamp),
    }),
  ),
});

export type Auctions = ReturnType<typeof createAuctions>;

/** The `auctions` collection. What is decided by bids comes from Redis; everything else is here. */
export function createAuctions(database: Database) {
  const collection = async () => (await database()).collection("auctions");

  /** Changes an auction that is in one of `states`, or gives it as it is. */
  const change = async (
    id: string,
    decide: (auction: Auction, transaction: Transaction) => Record<string, unknown> | undefined,
  ): Promise<Auction | undefined> => {
    const firestore = await database();
    const place = firestore.collection("auctions").doc(id);
    return firestore.runTransaction(async (transaction) => {
      const snapshot = await transaction.get(place);
      if (!snapshot.exists) return undefined;
      const auction = toAuction(snapshot);
      const fields = decide(auction, transaction);
      // Whatever changes is to be shown: where its task is lost, the sweeper asks for it.
      if (fields) transaction.update(place, { is_board_due: true, ...fields });
      return auction;
    });
  };

  const changed = async (...args: Parameters<typeof change>): Promise<Auction | undefined> =>
    (await change(...args)) && get(args[0]);

  const get = async (id: string): Promise<Auction | undefined> => {
    const snapshot = await (await collection()).doc(id).get();
    return snapshot.exists ? toAuction(snapshot) : undefined;
  };

  return {
    get,

    /** Puts a planned auction in; a repeat changes nothing. */
    async create({ channelId, ...auction }: NewAuction): Promise<void> {
      const fields = {
        ...{ builder_id: auction.builderId, title: auction.title, currency: auction.currency },
        ...{ plan: auction.plan, start_price: auction.startPrice, reserve: auction.reserve },
        ...{ increment: auction.increment ?? null, duration_ms: auction.durationMs },
        ...{ counter_bid_ms: auction.counterBidMs, opens: auction.opens, state: "planned" },
        ...{ created_at: auction.createdAt, image_url: auction.imageUrl ?? null },
        boards: [{ channel_id: channelId, message_id: null }],
        is_board_due: true,
      };
      await createdNow((await collection()).doc(auction.id).create(fields));
    },

    /** Starts the clock of a planned auction; one that runs keeps its own. */
    open(id: string, openedAt: Date, maxExtensionMs: number): Promise<Auction | undefined> {
      return changed(id, (auction) => {
        if (auction.state !== "planned") return undefined;
        const endsAtMs = openedAt.getTime() + auction.durationMs;
        return {
          ...{ state: "live", opened_at: openedAt, ends_at: new Date(endsAtMs) },
          latest_end: new Date(endsAtMs + maxExtensionMs),
        };
      });
    },

    /** A running auction goes on after a pause: it ends at `endsAt` at the earliest. */
    prolong(id: string, endsAt: Date): Promise<Auction | undefined> {
      return changed(id, ({ state, endsAt: before, latestEnd }) => {
        if (state !== "live" || !before || !latestEnd || before >= endsAt) return undefined;
        return { ends_at: endsAt, latest_end: endsAt > latestEnd ? endsAt : latestEnd };
      });
    },

    /** Books the hammer's result, once. */
    finish(
      id: string,
      result: Pick<Auction, "runnersUp"> & {
        readonly state: "sold" | "unsold";
        readonly price: number;
      },
    ): Promise<Auction | undefined> {
      return changed(id, ({ state, standing: last }) => {
        if (state !== "live") return undefined;
        return {
          state: result.state,
          is_settling: true,
          runners_up: result.runnersUp.map(({ bidderId, amount }) => ({
            bidder_id: bidderId,
            amount,
          })),
          ...(last && { "standing.price": result.price }),
        };
      });
    },

    /** Ends a planned or running auction without a winner, or takes back a result. */
    end(id: string, to: "cancelled" | "void"): Promise<Auction | undefined> {
      const from: readonly string[] = to === "cancelled" ? ["planned", "live"] : ["sold", "unsold"];
      return changed(id, ({ state }) =>
        from.includes(state) ? { state: to, is_settling: false } : undefined,
      );
    },

    /** Goes from one claim to the next, unless someone else has done so. */
    claim(id: string, before: Claim | undefined, next: Claim): Promise<Auction | undefined> {
      return changed(id, ({ state, claim }) => {
        if (state !== "sold" || !isSameClaim(claim, before)) return undefined;
        return {
          claim: {
            ...{ round: next.round, bidder_id: next.bidderId, amount: next.amount },
            ...{ state: next.state, offer_until: next.offerUntil ?? null },
          },
        };
      });
    },

    /** Shows an auction in one more channel. */
    addBoard(id: string, channelId: string): Promise<Auction | undefined> {
      return changed(id, ({ boards }) =>
        boards.some((board) => board.channelId === channelId)
          ? undefined
          : { boards: boardFields([...boards, { channelId, messageId: undefined }]) },
      );
    },

    /** Remembers where an auction is shown. */
    recordBoard(id: string, channelId: string, messageId: string): Promise<Auction | undefined> {
      return changed(id, ({ boards }) => ({
        boards: boardFields(
          boards.map((board) => (board.channelId === channelId ? { channelId, messageId } : board)),
        ),
      }));
    },

    /** A builder's auctions, newest first, at most 100. */
    async ofBuilder(builderId: string): Promise<Auction[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readable);
    },

    /** Auctions that wait for their builder's stream. At most 100. */
    async waiting(): Promise<Auction[]> {
      const found = await (await collection())
        .where("state", "==", "planned")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readable).filter(({ opens }) => opens === "live");
    },

    /** Auctions that run, newest first, at most 100. */
    async running(): Promise<Auction[]> {
      const found = await (await collection())
        .where("state", "==", "live")
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readable);
    },

    /** Auctions whose hammer fell, and after it there is something left to do. At most 100. */
    async toSettle(): Promise<Auction[]> {
      const found = await (await collection())
        .where("is_settling", "==", true)
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readable);
    },

    /** Auctions whose boards may show something old. At most 100. */
    async toShow(): Promise<Auction[]> {
      const found = await (await collection())
        .where("is_board_due", "==", true)
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readable);
    },

    /** The boards show an auction as it was read, unless it has changed since. */
    shown(id: string, seen: Auction): Promise<Auction | undefined> {
      return change(id, (auction) => {
        const isSame = auction.state === seen.state && isSameClaim(auction.claim, seen.claim);
        const isAll = auction.boards.length === seen.boards.length;
        return isSame && isAll ? { is_board_due: false } : undefined;
      });
    },

    /** Everything that follows from the hammer is done. */
    async settled(id: string): Promise<void> {
      await (await collection()).doc(id).update({ is_settling: false });
    },
  };
}

/** The fields of what is known of an auction after a bid. */
export function standingFields(last: Standing) {
  return {
    ...{ sequence: last.sequence, bid_id: last.bidId, bids: last.bids, price: last.price },
    ...{ leader_id: last.leaderId, ceiling: last.ceiling, leader_sequence: last.leaderSequence },
  };
}

/** Reads what `standingFields` wrote. */
export function toStanding(fields: z.infer<typeof standing>): Standing {
  return {
    ...{ sequence: fields.sequence, bidId: fields.bid_id, bids: fields.bids, price: fields.price },
    ...{ leaderId: fields.leader_id, ceiling: fields.ceiling },
    leaderSequence: fields.leader_sequence,
  };
}

/** Reads an auction. Throws TerminalError naming the bad fields. */
export function toAuction(snapshot: DocumentSnapshot): Auction {
  const fields = parseDocument(snapshot.ref.path, auctionDocument, snapshot.data());
  const { claim } = fields;
  return {
    id: snapshot.id,
    ...{ builderId: fields.builder_id, title: fields.title, currency: fields.currency },
    ...{ plan: fields.plan, startPrice: fields.start_price, reserve: fields.reserve },
    ...{ increment: fields.increment, durationMs: fields.duration_ms },
    ...{ counterBidMs: fields.counter_bid_ms, opens: fields.opens, state: fields.state },
    ...{ createdAt: fields.created_at, openedAt: fields.opened_at, endsAt: fields.ends_at },
    ...{ latestEnd: fields.latest_end, imageUrl: fields.image_url },
    boards: fields.boards.map(({ channel_id, message_id }) => ({
      channelId: channel_id,
      messageId: message_id,
    })),
    standing: fields.standing && toStanding(fields.standing),
    bidderCount: fields.bidder_count,
    isBoardDue: fields.is_board_due,
    runnersUp: fields.runners_up.map(({ bidder_id, amount }) => ({ bidderId: bidder_id, amount })),
    claim: claim && {
      ...{ round: claim.round, bidderId: claim.bidder_id, amount: claim.amount },
      ...{ state: claim.state, offerUntil: claim.offer_until },
    },
  };
}

function isSameClaim(one: Claim | undefined, other: Claim | undefined): boolean {
  return one?.round === other?.round && one?.state === other?.state;
}

function boardFields(boards: Auction["boards"]) {
  return boards.map(({ channelId, messageId }) => ({
    channel_id: channelId,
    message_id: messageId ?? null,
  }));
}

/** An auction, or nothing where the document is broken: one bad auction hides no other. */
function readable(snapshot: DocumentSnapshot): Auction[] {
  try {
    return [toAuction(snapshot)];
  } catch (error) {
    if (error instanceof TerminalError) return [];
    throw error;
  }
}
