import type { DocumentOf } from "../../../../shared/documents/define-document.ts";
import type { bidDocument } from "../../documents/bid.ts";
import type { Commitment } from "../../domain/auction.ts";

/** One accepted bid, and the auction's standing after it. Amounts in minor units. */
export type RecordedBid = Omit<DocumentOf<typeof bidDocument>, "id">;

/** Document ids are sequence numbers padded to this many digits, so that they sort as text. */
const DIGITS = 8;

/** The id of a bid's document. */
export function nameOf(sequence: number): string {
  return String(sequence).padStart(DIGITS, "0");
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
  return [...byBidder.values()];
}
