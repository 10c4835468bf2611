import { isConflict } from "../../../../shared/documents/define-document.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { auctionDocument } from "../../documents/auction.ts";
import { bidDocument } from "../../documents/bid.ts";
import type { Standing } from "../../domain/auction.ts";
import { toAuction } from "../auction-document.ts";
import { nameOf, type RecordedBid } from "./recorded-bid.ts";

/**
 * Bids per commit, which also writes the auction. At about 600 bytes per bid, a commit is far below Firestore's
 * 10 MiB, and there are few enough commits to keep up with thousands of bids a second.
 * https://firebase.google.com/docs/firestore/quotas#writes_and_transactions
 */
const BATCH = 499;
/** Attempts per commit. Each conflict means that another process has recorded bids or moved the end. */
const MAX_TRIES = 20;

/** Writing the record. */
export function bidRecording(database: Database) {
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
  };
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
