import type { Auction } from "../domain/auction.ts";
import type { RecordedBid } from "../store/bids/recorded-bid.ts";

const COLUMNS = [
  "sequence",
  "at",
  "kind",
  "bidder",
  "amount",
  "max",
  "price after",
  "leader after",
  "ends at after",
  "bid id",
] as const;

/** The record of an auction's bids as CSV; amounts in minor units. */
export function auditCsv(auction: Auction, bids: readonly RecordedBid[]): string {
  const rows = bids.map((bid) => rowOf(bid, showsCeilings(auction)));
  return [COLUMNS.join(","), ...rows].map((line) => `${line}\r\n`).join("");
}

/** While an auction runs, nobody sees others' ceilings, least of all the builder. */
export function showsCeilings({ state }: Pick<Auction, "state">): boolean {
  return state !== "live";
}

/** Contains only ids, numbers and times, so nothing needs quoting. */
function rowOf(bid: RecordedBid, areCeilingsShown: boolean): string {
  return [
    bid.sequence,
    bid.at.toISOString(),
    bid.kind,
    bid.bidderId,
    areCeilingsShown || bid.kind === "bid" ? bid.amount : "",
    areCeilingsShown ? (bid.max ?? "") : "",
    bid.price,
    bid.leaderId,
    bid.endsAt.toISOString(),
    bid.bidId,
  ].join(",");
}
