import type { Database } from "../../../../shared/ports/database.ts";
import { bidDocument } from "../../documents/bid.ts";
import type { RecordedBid } from "./recorded-bid.ts";

/** Removed bidders may have bid often: further pages have this size, and at most MAX_PAGES pages are read. */
const LATER_PAGE = 50;
const MAX_PAGES = 5;

/** The bids that people are shown. */
export function newestBids(database: Database) {
  return {
    /**
     * The newest bids that count, newest first. Raised ceilings are secret and left out, and so are bids that staff
     * removed. The prices of bids before a removal are capped at the price after it.
     */
    async newest(auctionId: string, limit: number): Promise<RecordedBid[]> {
      const all = bidDocument
        .all(await database(), auctionId)
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
