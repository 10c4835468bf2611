import type { Database } from "../../../../shared/ports/database.ts";
import { bidDocument } from "../../documents/bid.ts";
import { nameOf, type RecordedBid } from "./recorded-bid.ts";

/** Notices read in one run. */
const MAX_NOTICES = 100;

/** Which outbid bidders are to be notified. */
export function bidNotices(database: Database) {
  const collection = async (auctionId: string) => bidDocument.all(await database(), auctionId);

  return {
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
  };
}
