import * as z from "zod/mini";
import {
  createDocument,
  isConflict,
  parseDocument,
  stored,
  timestamp,
} from "../../../shared/documents/document.ts";
import type { Database } from "../../../shared/ports/database.ts";
import type { Commitment, Standing } from "../domain/auction.ts";
import { standingFields, toAuction, toStanding } from "./auction-document.ts";

/** One accepted bid, and the auction after it. Amounts in minor units. */
export interface RecordedBid extends Standing {
  /** `ceiling`: the leader went higher in secret; `removal`: all bids of this bidder were taken out. */
  readonly kind: "bid" | "ceiling" | "removal";
  readonly bidderId: string;
  readonly amount: number;
  readonly max: number | undefined;
  readonly endsAt: Date;
  /** The leader whom it has outbid, if they asked to be notified. */
  readonly notifiedBidderId: string | undefined;
}

/**
 * Bids of one commit, which writes the auction as well: with some 600 bytes each far below Firestore's 10 MiB,
 * and few enough commits to keep up with thousands of bids a second. https://firebase.google.com/docs/firestore/quotas#writes_and_transactions
 */
const BATCH = 499;
/** Each lost try means that someone else has recorded bids, or moved the end. */
const MAX_TRIES = 20;
/** Notices that are looked at in one run. */
const MAX_NOTICES = 100;
/** Who was removed may have bid often: so many more are looked at, and so many times. */
const LATER_PAGE = 50;
const MAX_PAGES = 5;
/** So many digits order sequence numbers as texts. */
const DIGITS = 8;

const bidDocument = z.object({
  kind: z.enum(["bid", "ceiling", "removal"]),
  bidder_id: z.string(),
  amount: z.int(),
  max: stored(z.int()),
  at: timestamp,
  ends_at: timestamp,
  sequence: z.int(),
  bid_id: z.string(),
  bids: z.int(),
  price: z.int(),
  leader_id: z.string(),
  ceiling: z.int(),
  leader_sequence: z.int(),
  notified_bidder_id: stored(z.string()),
});

export type Bids = ReturnType<typeof createBids>;

/** `auctions/…/bids`: the audit record of every accepted bid, in the order Redis decided them. */
export function createBids(database: Database) {
  const collection = async (auctionId: string) =>
    (await database()).collection("auctions").doc(auctionId).collection("bids");

  return {
    /**
     * Records bids that follow the last recorded one, and what the auction is after them. What is
     * recorded already stays: an older run that comes late changes nothing.
     *
     * Takes no lock: a run that dies between reading and writing would hold it for a minute, and nothing could
     * be recorded meanwhile. Of runs that record the same bids at once the first one makes their documents; the
     * others find them made, and go on after them. An end that was moved further since a bid stays.
     */
    async record(auctionId: string, bids: readonly RecordedBid[], bidderCount: number) {
      const firestore = await database();
      const auction = firestore.collection("auctions").doc(auctionId);
      for (let attempt = 1; ; attempt += 1) {
        const snapshot = await auction.get();
        const { recorded, endsAt } = toAuction(snapshot);
        const known = recorded?.sequence ?? 0;
        const fresh = bids.filter(({ sequence }) => sequence > known).slice(0, BATCH);
        const last = fresh.at(-1);
        if (!last) return;
        if (fresh[0]?.sequence !== known + 1) {
          throw new Error(`The record of auction ${auctionId} would have a gap at ${known + 1}.`);
        }
        const batch = firestore.batch();
        for (const bid of fresh) {
          const place = auction.collection("bids").doc(nameOf(bid.sequence));
          createDocument(batch, place, fieldsOf(bid));
        }
        const fields = { standing: standingFields(last), bidder_count: bidderCount };
        const isEndMoved = !endsAt || endsAt < last.endsAt;
        if (isEndMoved && snapshot.updateTime) {
          const unchanged = { lastUpdateTime: snapshot.updateTime };
          batch.update(auction, { ...fields, ends_at: last.endsAt }, unchanged);
        } else batch.update(auction, fields);
        try {
          await batch.commit();
          if (last === bids.at(-1)) return;
          attempt = 0;
        } catch (error) {
          if (!isConflict(error) || attempt === MAX_TRIES) throw error;
        }
      }
    },

    /** Every recorded bid, oldest first. */
    async all(auctionId: string): Promise<RecordedBid[]> {
      const found = await (await collection(auctionId)).orderBy("sequence").get();
      return found.docs.map((document) => toBid(document.ref.path, document.data()));
    },

    /** The ids of recorded bids by their sequence numbers; of what is not recorded there is none. */
    async idsAt(
      auctionId: string,
      sequences: readonly number[],
    ): Promise<ReadonlyMap<number, string>> {
      const places = await collection(auctionId);
      const found = await Promise.all(
        [...new Set(sequences)].map((sequence) => places.doc(nameOf(sequence)).get()),
      );
      return new Map(
        found
          .filter(({ exists }) => exists)
          .map((document) => toBid(document.ref.path, document.data()))
          .map(({ sequence, bidId }) => [sequence, bidId]),
      );
    },

    /** How many bids there were after the recorded one with this number; undefined when it is not recorded. */
    async countAt(auctionId: string, sequence: number): Promise<number | undefined> {
      const bid = await (await collection(auctionId)).doc(nameOf(sequence)).get();
      return bid.exists ? toBid(bid.ref.path, bid.data()).bids : undefined;
    },

    /** Who led before a removal of bids, and who does after it; undefined where it is not recorded. */
    async leadersAround(
      auctionId: string,
      removalId: string,
    ): Promise<{ readonly before: string | undefined; readonly after: string } | undefined> {
      const places = await collection(auctionId);
      const [found] = (await places.where("bid_id", "==", removalId).limit(1).get()).docs;
      if (!found) return undefined;
      const { sequence, leaderId: after } = toBid(found.ref.path, found.data());
      const last = await places.doc(nameOf(sequence - 1)).get();
      const before = last.exists ? toBid(last.ref.path, last.data()).leaderId : undefined;
      return { before, after };
    },

    /** Bids whose outbid bidder is still to be notified, oldest first, at most 100. */
    async noticesDue(auctionId: string): Promise<RecordedBid[]> {
      const due = (await collection(auctionId)).where("is_notice_due", "==", true);
      const found = await due.limit(MAX_NOTICES).get();
      return found.docs.map((document) => toBid(document.ref.path, document.data()));
    },

    /** Records that the bidders outbid by these were notified. */
    async noticed(auctionId: string, bids: readonly RecordedBid[]): Promise<void> {
      const batch = (await database()).batch();
      const places = await collection(auctionId);
      for (const { sequence } of bids) {
        batch.update(places.doc(nameOf(sequence)), { is_notice_due: false });
      }
      await batch.commit();
    },

    /**
     * The newest bids that count, newest first. A raised ceiling is its bidder's secret, and no bid. What staff
     * removed is left out, and no bid made the price higher than it was after the removal.
     */
    async newest(auctionId: string, limit: number): Promise<RecordedBid[]> {
      const all = (await collection(auctionId))
        .where("kind", "in", ["bid", "removal"])
        .orderBy("sequence", "desc");
      const counting = countingBids();
      const found: RecordedBid[] = [];
      let [page, size] = [all.limit(limit), limit];
      for (let pages = 1; ; pages += 1) {
        const { docs } = await page.get();
        found.push(...docs.flatMap((each) => counting(toBid(each.ref.path, each.data()))));
        const last = docs.length === size ? docs.at(-1) : undefined;
        if (!last || found.length >= limit || pages === MAX_PAGES) return found.slice(0, limit);
        [page, size] = [all.startAfter(last).limit(LATER_PAGE), LATER_PAGE];
      }
    },
  };
}

/** Takes bids and removals, newest first; gives what still counts of each. */
function countingBids() {
  const removedIds = new Set<string>();
  let highest = Number.POSITIVE_INFINITY;
  return (bid: RecordedBid): RecordedBid[] => {
    if (bid.kind === "removal") {
      removedIds.add(bid.bidderId);
      highest = Math.min(highest, bid.price);
      return [];
    }
    return removedIds.has(bid.bidderId) ? [] : [{ ...bid, price: Math.min(bid.price, highest) }];
  };
}

/** What each bidder has gone to by a whole record, with the sequence number that counts for ties. */
export function commitmentsOf(bids: readonly RecordedBid[]): readonly Commitment[] {
  const byBidder = new Map<string, Commitment>();
  for (const { kind, bidderId, amount, max = 0, sequence } of bids) {
    if (kind === "removal") {
      byBidder.delete(bidderId);
      continue;
    }
    const before = byBidder.get(bidderId);
    const highest = kind === "ceiling" ? max : Math.max(amount, max);
    const counts = kind === "ceiling" && before ? before.sequence : sequence;
    byBidder.set(bidderId, { bidderId, amount: highest, sequence: counts });
  }
  const last = bids.at(-1);
  const leader = last && byBidder.get(last.leaderId);
  if (last && leader) byBidder.set(last.leaderId, { ...leader, amount: last.price });
  return [...byBidder.values()];
}

function nameOf(sequence: number): string {
  return String(sequence).padStart(DIGITS, "0");
}

function fieldsOf(bid: RecordedBid) {
  return {
    kind: bid.kind,
    bidder_id: bid.bidderId,
    amount: bid.amount,
    max: bid.max ?? null,
    ends_at: bid.endsAt,
    notified_bidder_id: bid.notifiedBidderId ?? null,
    is_notice_due: bid.notifiedBidderId !== undefined,
    ...standingFields(bid),
  };
}

function toBid(path: string, data: unknown): RecordedBid {
  const fields = parseDocument(path, bidDocument, data);
  return {
    kind: fields.kind,
    bidderId: fields.bidder_id,
    amount: fields.amount,
    max: fields.max,
    endsAt: fields.ends_at,
    notifiedBidderId: fields.notified_bidder_id,
    ...toStanding(fields),
  };
}
