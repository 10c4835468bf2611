import { type DocumentOf, isConflict } from "../../../shared/documents/define-document.ts";
import type { Database } from "../../../shared/ports/database.ts";
import { auctionDocument } from "../documents/auction.ts";
import { bidDocument } from "../documents/bid.ts";
import type { Commitment, Standing } from "../domain/auction.ts";
import { toAuction } from "./auction-document.ts";

/** One accepted bid, and the auction's standing after it. Amounts in minor units. */
export type RecordedBid = Omit<DocumentOf<typeof bidDocument>, "id">;

/**
 * Bids per commit, which also writes the auction. At about 600 bytes per bid, a commit is far below Firestore's
 * 10 MiB, and there are few enough commits to keep up with thousands of bids a second.
 * https://firebase.google.com/docs/firestore/quotas#writes_and_transactions
 */
const BATCH = 499;
/** Attempts per commit. Each conflict means that another process has recorded bids or moved the end. */
const MAX_TRIES = 20;
/** Notices read in one run. */
const MAX_NOTICES = 100;
/** Removed bidders may have bid often: further pages have this size, and at most MAX_PAGES pages are read. */
const LATER_PAGE = 50;
const MAX_PAGES = 5;
/** Document ids are sequence numbers padded to this many digits, so that they sort as text. */
const DIGITS = 8;

export type Bids = ReturnType<typeof createBids>;

/** `auctions/…/bids`: the audit record of every accepted bid, in the order Redis decided them. */
export function createBids(database: Database) {
  const collection = async (auctionId: string) => bidDocument.all(await database(), auctionId);

  return {
    /**
     * Records the bids after the last recorded one, and the auction's standing after them. Idempotency: bids that are
     * already recorded stay as they are, so a late older run changes nothing. Throws if a sequence number is missing.
     *
     * Takes no lock: a run that crashed between reading and writing would hold it for a minute, and nothing could be
     * recorded meanwhile. If several runs record the same bids, the first creates the documents; the others run into
     * a conflict and continue after them. An end that is later than the last bid's stays.
     */
    async record(auctionId: string, bids: readonly RecordedBid[], bidderCount: number) {
      const firestore = await database();
      const auction = auctionDocument.place(firestore, auctionId);
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
          const place = bidDocument.place(firestore, auctionId, nameOf(bid.sequence));
          const isNoticeDue = bid.notifiedBidderId !== undefined;
          bidDocument.create(batch, place, { ...bid, isNoticeDue });
        }
        const changes = { standing: standingAfter(last), bidderCount };
        const isEndMoved = !endsAt || endsAt < last.endsAt;
        if (isEndMoved && snapshot.updateTime) {
          const unchanged = { lastUpdateTime: snapshot.updateTime };
          auctionDocument.update(batch, auction, { ...changes, endsAt: last.endsAt }, unchanged);
        } else auctionDocument.update(batch, auction, changes);
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
      return found.docs.map(bidDocument.read);
    },

    /** The ids of bids by their sequence numbers. Unrecorded numbers are left out. */
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
          .map(bidDocument.read)
          .map(({ sequence, bidId }) => [sequence, bidId]),
      );
    },

    /** The auction's bid count once this bid had been accepted; undefined if the bid is not recorded. */
    async countAt(auctionId: string, sequence: number): Promise<number | undefined> {
      const bid = await (await collection(auctionId)).doc(nameOf(sequence)).get();
      return bid.exists ? bidDocument.read(bid).bids : undefined;
    },

    /** The leaders before and after a removal of bids; undefined if the removal is not recorded. */
    async leadersAround(
      auctionId: string,
      removalId: string,
    ): Promise<{ readonly before: string | undefined; readonly after: string } | undefined> {
      const places = await collection(auctionId);
      const [found] = (await places.where("bid_id", "==", removalId).limit(1).get()).docs;
      if (!found) return undefined;
      const { sequence, leaderId: after } = bidDocument.read(found);
      const last = await places.doc(nameOf(sequence - 1)).get();
      const before = last.exists ? bidDocument.read(last).leaderId : undefined;
      return { before, after };
    },

    /** Bids whose outbid bidder has not been notified yet, oldest first, at most 100. */
    async noticesDue(auctionId: string): Promise<RecordedBid[]> {
      const due = (await collection(auctionId)).where("is_notice_due", "==", true);
      const found = await due.limit(MAX_NOTICES).get();
      return found.docs.map(bidDocument.read);
    },

    /** Records that the bidders outbid by these bids were notified. */
    async noticed(auctionId: string, bids: readonly RecordedBid[]): Promise<void> {
      const batch = (await database()).batch();
      const places = await collection(auctionId);
      for (const { sequence } of bids) {
        bidDocument.update(batch, places.doc(nameOf(sequence)), { isNoticeDue: false });
      }
      await batch.commit();
    },

    /**
     * The newest bids that count, newest first. Raised ceilings are secret and left out, and so are bids that staff
     * removed. The prices of bids before a removal are capped at the price after it.
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
        found.push(...docs.flatMap((each) => counting(bidDocument.read(each))));
        const last = docs.length === size ? docs.at(-1) : undefined;
        if (!last || found.length >= limit || pages === MAX_PAGES) return found.slice(0, limit);
        [page, size] = [all.startAfter(last).limit(LATER_PAGE), LATER_PAGE];
      }
    },
  };
}

/** A filter to call with bids and removals, newest first; it returns the bids that still count. */
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

/** Each bidder's highest amount in a complete record, with the sequence number that breaks ties. */
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

function standingAfter({
  sequence,
  bidId,
  bids,
  price,
  leaderId,
  ceiling,
  leaderSequence,
  at,
}: RecordedBid): Standing {
  return { sequence, bidId, bids, price, leaderId, ceiling, leaderSequence, at };
}
