import type { Bidder } from "./auction.ts";

/**
 * The order in which runners-up are offered an item that the winner did not pay for. They are ordered by their
 * bids, with one exception: of the bidders who have never paid for anything here, only the highest keeps their
 * place; the others come after everyone who has paid. So accounts made to drive up a price do not use up the offers.
 */
export function inOfferOrder(
  runnersUp: readonly Bidder[],
  payers: ReadonlySet<string>,
): readonly Bidder[] {
  const first = runnersUp.find(({ bidderId }) => !payers.has(bidderId));
  const comesLater = (bidder: Bidder) => bidder !== first && !payers.has(bidder.bidderId);
  return [...runnersUp.filter((bidder) => !comesLater(bidder)), ...runnersUp.filter(comesLater)];
}
