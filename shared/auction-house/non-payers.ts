import { COUNTED_MS } from "../domain/auction.ts";
import type { Deps } from "../runtime/deps.ts";

/** So many unpaid wins within the time they count, and no more bids are taken until a builder lifts it. */
const MOST_UNPAID = 2;

/** Writes again who may not bid: Redis may have lost it. */
export async function barNonPayers({
  unpaidWins,
  auctionEngine,
}: Pick<Deps, "unpaidWins" | "auctionEngine">): Promise<void> {
  for (const bidderId of await unpaidWins.barred()) await auctionEngine.bar(bidderId);
}

/** Notes that someone won and did not pay. Again it changes nothing. */
export async function noteUnpaid(
  bidderId: string,
  orderId: string,
  { unpaidWins, auctionEngine, clock }: Pick<Deps, "unpaidWins" | "auctionEngine" | "clock">,
): Promise<void> {
  const now = clock.now();
  await unpaidWins.add(bidderId, orderId, now);
  const since = new Date(now.getTime() - COUNTED_MS);
  if ((await unpaidWins.countSince(bidderId, since)) >= MOST_UNPAID) {
    await unpaidWins.bar(bidderId, now);
    await auctionEngine.bar(bidderId);
  }
}
