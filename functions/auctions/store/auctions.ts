import { changeUnlocked, createdNow } from "../../../shared/documents/document.ts";
import type { CollectionReference, Database, Query } from "../../../shared/ports/database.ts";
import {
  type Auction,
  type AuctionTerms,
  type Claim,
  type Interruption,
  isResultStanding,
  type OpeningProblem,
} from "../domain/auction.ts";
import {
  readableAuction,
  toAuction,
  type UnreadableAuction,
  unreadableAuction,
} from "./auction-document.ts";

/** An auction before it opens. */
export type NewAuction = AuctionTerms &
  Pick<Auction, "id" | "opens" | "createdAt" | "imageUrl"> & { readonly channelId: string };

/** Documents per query. Lists that people see are shorter. */
const MAX_LISTED = 100;

/** Two processes that notice a loss at the same time restore the auction within this time of each other. */
const AT_ONCE_MS = 10_000;
/** Lost bids that are found within this time of each other count as one loss. */
const SAME_LOSS_MS = 60_000;

/** Reasons why an auction still has work to do; see `unfinished`. */
export type Unfinished = "open" | "waiting" | "settling" | "unshown";

export type Auctions = ReturnType<typeof createAuctions>;

/** The `auctions` collection. Bids are decided in Redis and recorded here; everything else is decided here. */
export function createAuctions(database: Database) {
  const collection = async () => (await database()).collection("auctions");

  /** Writes the fields that `decide` returns, or nothing if it returns undefined. */
  const change = async (
    id: string,
    decide: (auction: Auction) => Record<string, unknown> | undefined,
  ): Promise<Auction | undefined> => {
    const place = (await collection()).doc(id);
    return changeUnlocked(place, toAuction, (auction) => {
      const fields = decide(auction);
      // Every change must be shown: if its board task is lost, the sweeper schedules another.
      return fields && { is_board_due: true, ...fields };
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

    /** Creates a planned auction. Idempotent. */
    async create({ channelId, ...auction }: NewAuction): Promise<void> {
      const fields = {
        builder_id: auction.builderId,
        title: auction.title,
        currency: auction.currency,
        plan: auction.plan,
        start_price: auction.startPrice,
        reserve: auction.reserve,
        increment: auction.increment ?? null,
        duration_ms: auction.durationMs,
        counter_bid_ms: auction.counterBidMs,
        opens: auction.opens,
        state: "planned",
        created_at: auction.createdAt,
        image_url: auction.imageUrl ?? null,
        ...boardFields([{ channelId, messageId: undefined }]),
        is_board_due: true,
      };
      await createdNow((await collection()).doc(auction.id), fields);
    },

    /** Opens a planned auction and sets its end. An auction in another state stays as it is. */
    open(id: string, openedAt: Date, maxExtensionMs: number): Promise<Auction | undefined> {
      return changed(id, (auction) => {
        if (auction.state !== "planned") return undefined;
        const endsAtMs = openedAt.getTime() + auction.durationMs;
        return {
          state: "live",
          opened_at: openedAt,
          ends_at: new Date(endsAtMs),
          latest_end: new Date(endsAtMs + maxExtensionMs),
        };
      });
    },

    /**
     * Pauses bidding, because Redis has lost the bids after the recorded ones. An auction that is already paused, or
     * that has just resumed after the same loss, stays as it is.
     */
    pause(id: string, pausedAt: Date): Promise<Auction | undefined> {
      return changed(id, ({ state, interruption, standing }) => {
        const sinceMs = pausedAt.getTime() - (interruption?.resumedAt ?? pausedAt).getTime();
        const isKnown = interruption && sinceMs < AT_ONCE_MS;
        if (state !== "live" || isKnown) return undefined;
        return interruptionField({ pausedAt, resumedAt: undefined, bids: standing?.bids ?? 0 });
      });
    },

    /** Resumes bidding after the auction was restored to its recorded state. */
    resume(id: string, resumedAt: Date): Promise<Auction | undefined> {
      return changed(id, ({ state, interruption }) => {
        if (state !== "live" || !interruption || interruption.resumedAt) return undefined;
        return interruptionField({ ...interruption, resumedAt });
      });
    },

    /** Records that all but the first `bids` bids are lost, though bidding continued. One loss is recorded once. */
    wentBack(id: string, at: Date, bids: number): Promise<Auction | undefined> {
      return changed(id, ({ state, interruption }) => {
        const sinceMs = at.getTime() - (interruption?.resumedAt ?? at).getTime();
        const isKnown = interruption && sinceMs < SAME_LOSS_MS && interruption.bids <= bids;
        if (state !== "live" || isKnown) return undefined;
        return interruptionField({ pausedAt: at, resumedAt: at, bids });
      });
    },

    /** Moves a running auction's end to `endsAt`, Redis's value, unless it already ends later. */
    prolong(id: string, endsAt: Date): Promise<Auction | undefined> {
      return changed(id, ({ state, endsAt: before, latestEnd }) => {
        if (state !== "live" || !before || !latestEnd || before >= endsAt) return undefined;
        const leftMs = Math.max(0, latestEnd.getTime() - before.getTime());
        return { ends_at: endsAt, latest_end: new Date(endsAt.getTime() + leftMs) };
      });
    },

    /** Records the hammer's result, once; also the later sale of an auction that ended below its reserve. */
    finish(
      id: string,
      result: Pick<Auction, "runnersUp" | "isReserveWaived"> & {
        readonly state: "sold" | "unsold";
        readonly price: number;
        readonly endsAt: Date;
      },
    ): Promise<Auction | undefined> {
      return changed(id, ({ state, standing: last, rerunId }) => {
        const isSoldLater =
          state === "unsold" && result.state === "sold" && result.isReserveWaived && !rerunId;
        if (state !== "live" && !isSoldLater) return undefined;
        return {
          state: result.state,
          is_settling: true,
          ...(state === "live" && { ends_at: result.endsAt }),
          ...(result.isReserveWaived && { is_reserve_waived: true }),
          runners_up: result.runnersUp.map(({ bidderId, amount }) => ({
            bidder_id: bidderId,
            amount,
          })),
          ...(last && { "standing.price": result.price }),
        };
      });
    },

    /**
     * Records which auction reruns an item, in place of the earlier rerun `insteadOf`; returns the recorded one. That
     * is the other one if two reruns are requested at once, and `insteadOf` if the item was sold meanwhile.
     */
    async claimRerun(
      id: string,
      rerunId: string,
      insteadOf: string | undefined,
    ): Promise<string | undefined> {
      const after = await changed(id, (auction) =>
        auction.rerunId === insteadOf && !isResultStanding(auction)
          ? { rerun_id: rerunId }
          : undefined,
      );
      return after?.rerunId;
    },

    /** Cancels a planned or running auction, or voids a result. `reason` is the team's. */
    end(id: string, to: "cancelled" | "void", reason?: string): Promise<Auction | undefined> {
      const from: readonly string[] = to === "cancelled" ? ["planned", "live"] : ["sold", "unsold"];
      return changed(id, ({ state }) =>
        from.includes(state)
          ? { state: to, is_settling: false, ...(reason && { cancel_reason: reason }) }
          : undefined,
      );
    },

    /**
     * Cancels an auction that cannot open; the sweeper notifies the builder unless `isNotified`. A live auction is
     * cancelled only for `busy`, and only if nobody has bid. Otherwise it runs on, with or without a board.
     */
    couldNotOpen(
      id: string,
      why: OpeningProblem,
      { isNotified }: { readonly isNotified: boolean },
    ): Promise<Auction | undefined> {
      return changed(id, ({ state, standing, boards }) => {
        const isTaken = state === "live" && why === "busy" && !standing;
        if (state !== "planned" && !isTaken) return undefined;
        // Where we may not post, only a board that was posted earlier can be out of date.
        const isShown = why !== "forbidden" || boards.some(({ messageId }) => messageId);
        return {
          state: "cancelled",
          could_not_open: why,
          is_settling: !isNotified,
          is_board_due: isShown,
        };
      });
    },

    /** Replaces the claim `before` with `next`, unless the claim has changed since. */
    claim(id: string, before: Claim | undefined, next: Claim): Promise<Auction | undefined> {
      return changed(id, ({ state, claim }) => {
        if (state !== "sold" || !isSameClaim(claim, before)) return undefined;
        return {
          claim: {
            round: next.round,
            bidder_id: next.bidderId,
            amount: next.amount,
            state: next.state,
            offer_until: next.offerUntil ?? null,
            page_until: next.pageUntil ?? null,
          },
        };
      });
    },

    /** Records the message that shows an auction in a channel, which may be new. */
    recordBoard(id: string, channelId: string, messageId: string): Promise<Auction | undefined> {
      return changed(id, ({ boards }) => {
        const others = boards.map((board) =>
          board.channelId === channelId ? { channelId, messageId } : board,
        );
        const isKnown = boards.some((board) => board.channelId === channelId);
        return boardFields(isKnown ? others : [...boards, { channelId, messageId }]);
      });
    },

    /** Records the current URL of an auction's picture. */
    async recordImage(id: string, url: string, now: Date): Promise<void> {
      await (await collection()).doc(id).update({ image_url: url, image_url_at: now });
    },

    /** A builder's auctions, newest first, at most 100. */
    async ofBuilder(builderId: string): Promise<Auction[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .orderBy("created_at", "desc")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readableAuction);
    },

    /** All running auctions of a builder. */
    async *runningOf(builderId: string) {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      yield* each(theirs.where("state", "==", "live").orderBy("__name__"));
    },

    /** A builder's auctions that wait for their stream, out of at most 100 planned ones. */
    async waitingOf(builderId: string): Promise<Auction[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .where("state", "==", "planned")
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readableAuction).filter(({ opens }) => opens === "live");
    },

    /** What can be read of an invalid auction document; undefined when the document is valid or missing. */
    async unreadable(id: string): Promise<UnreadableAuction | undefined> {
      const snapshot = await (await collection()).doc(id).get();
      return snapshot.exists ? unreadableAuction(snapshot)[0] : undefined;
    },

    /**
     * Auctions whose documents are invalid and that may not be over: a builder's, or all planned and live ones if no
     * builder is given. Looks at most at 100 documents.
     */
    async unreadableOpen(builderId?: string): Promise<UnreadableAuction[]> {
      const auctions = await collection();
      const concerned = builderId
        ? auctions.where("builder_id", "==", builderId)
        : auctions.where("state", "in", ["planned", "live"]);
      const found = await concerned.limit(MAX_LISTED).get();
      return found.docs.flatMap(unreadableAuction).filter(({ isOver }) => !isOver);
    },

    /** Cancels an auction whose document is invalid; false when there is no such auction or it is over. */
    async endUnreadable(id: string, reason?: string): Promise<boolean> {
      const place = (await collection()).doc(id);
      const why = reason ? { cancel_reason: reason } : {};
      const found = await changeUnlocked(
        place,
        (snapshot) => ({ state: snapshot.get("state"), auction: unreadableAuction(snapshot)[0] }),
        ({ state, auction }) =>
          state === "cancelled" || !auction || auction.isOver
            ? undefined
            : { state: "cancelled", is_settling: false, is_board_due: false, ...why },
      );
      if (!found) return false;
      return found.state === "cancelled" || (found.auction !== undefined && !found.auction.isOver);
    },

    /** Running auctions, the next to end first, at most 100. */
    async running(): Promise<Auction[]> {
      const found = await byEnd(await collection())
        .limit(MAX_LISTED)
        .get();
      return found.docs.flatMap(readableAuction);
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
      const all = (await collection()).orderBy("created_at", "desc");
      return (await all.limit(MAX_LISTED).get()).docs.flatMap(readableAuction);
    },

    /** All running auctions, the next to end first. */
    async *byEnd() {
      yield* each(byEnd(await collection()));
    },

    /**
     * All auctions that are unfinished in one way: `open` is not over, `waiting` waits for a stream, `settling` has
     * work left after the hammer, `unshown` may have outdated boards. Ordered by id, starting after `after` and then
     * wrapping around to the first.
     */
    async *unfinished(what: Unfinished, after?: string) {
      const auctions = await collection();
      const queries = {
        open: auctions.where("state", "in", ["planned", "live"]),
        waiting: auctions.where("state", "==", "planned").where("opens", "==", "live"),
        settling: auctions.where("is_settling", "==", true),
        unshown: auctions.where("is_board_due", "==", true),
      };
      yield* each(queries[what].orderBy("__name__"), after);
    },

    /** Records that the boards show `seen`, unless the auction's state, claim or boards have changed since. */
    shown(id: string, seen: Auction): Promise<Auction | undefined> {
      return change(id, (auction) => {
        const isSame = auction.state === seen.state && isSameClaim(auction.claim, seen.claim);
        const isAll = auction.boards.length === seen.boards.length;
        return isSame && isAll ? { is_board_due: false } : undefined;
      });
    },

    /** Records that all work after the hammer is done. */
    async settled(id: string): Promise<void> {
      await (await collection()).doc(id).update({ is_settling: false });
    },
  };
}

function byEnd(auctions: CollectionReference): Query {
  return auctions.where("state", "==", "live").orderBy("ends_at");
}

/** Reads page by page, starting after `after` and wrapping around. Yields each auction once, even if it moves. */
async function* each(query: Query, after?: string): AsyncGenerator<Auction> {
  const given = new Set<string>();
  if (after !== undefined) yield* eachOf(query.startAfter(after), query, given);
  yield* eachOf(query, query, given);
}

async function* eachOf(first: Query, query: Query, given: Set<string>): AsyncGenerator<Auction> {
  let rest = first;
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

function interruptionField({ pausedAt, resumedAt, bids }: Interruption) {
  return { interruption: { paused_at: pausedAt, resumed_at: resumedAt ?? null, bids } };
}

function isSameClaim(one: Claim | undefined, other: Claim | undefined): boolean {
  return one?.round === other?.round && one?.state === other?.state;
}

/** The channels are stored a second time, as a list that queries can filter by. */
function boardFields(boards: Auction["boards"]) {
  return {
    boards: boards.map(({ channelId, messageId }) => ({
      channel_id: channelId,
      message_id: messageId ?? null,
    })),
    channel_ids: boards.map(({ channelId }) => channelId),
  };
}
