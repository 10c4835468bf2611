import type { Database } from "../../../../shared/ports/database.ts";
import { bidDocument } from "../../documents/bid.ts";
import { bidNotices } from "./bid-notices.ts";
import { newestBids } from "./newest-bids.ts";
import { bidRecording } from "./record-bids.ts";
import { nameOf, type RecordedBid } from "./recorded-bid.ts";

export type Bids = ReturnType<typeof createBids>;

/** `auctions/…/bids`: the audit record of every accepted bid, in the order Redis decided them. */
export function createBids(database: Database) {
  return {
    ...bidRecording(database),
    ...bidReads(database),
    ...bidNotices(database),
    ...newestBids(database),
  };
}

/** Reading the record by number or as a whole. */
function bidReads(database: Database) {
  const collection = async (auctionId: string) => bidDocument.all(await database(), auctionId);

  return {
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
  };
}
