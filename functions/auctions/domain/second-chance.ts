import type { Bidder } from "./auction.ts";

/**
 * The order in which runners-up are offered what the winner did not pay for: by their bids, but of those
 * who have never paid for anything here at most one comes ahead of anyone who has; the others come after
 * them all. So accounts made to drive up a price do not use up the offers. Within both groups the order of
 * bids stays.
 */
export function inOfferOrder(
  runnersUp: readonly Bidder[],
  payers: ReadonlySet<string>,
): readonly Bidder[] {
  const first = runnersUp.find(({ bidderId }) => !payers.has(bidderId));
  const comesLater = (bidder: Bidder) => bidder !== first && !payers.has(bidder.bidderId);
  return [...runnersUp.filter((bidder) => !comesLater(bidder)), ...runnersUp.filter(comesLater)];
}
