import { COUNTED_MS } from "../domain/auction.ts";
import { barEnd } from "../domain/bidding-bar.ts";
import type { Deps } from "../runtime/deps.ts";

/** This many unpaid wins within the time they count bar their bidder. */
const MOST_UNPAID = 2;

/** What keeping Redis informed of bars needs. */
export type BarDeps = Pick<Deps, "biddingBars" | "auctionEngine" | "clock">;

/** Writes again who may not bid: Redis may have lost it. */
export async function restoreBars({ biddingBars, auctionEngine, clock }: BarDeps): Promise<void> {
  for (const { userId, until } of await biddingBars.all(clock.now())) {
    await auctionEngine.bar(userId, until);
  }
}

/** Has Redis refuse someone's bids as the record says, also where the record changes meanwhile. */
export async function applyBar(
  userId: string,
  { biddingBars, auctionEngine, clock }: BarDeps,
): Promise<void> {
  const read = async () => (await biddingBars.get(userId, clock.now()))?.until;
  for (let until = await read(), applied: Date | undefined | null = null; ; until = await read()) {
    if (applied !== null && applied?.getTime() === until?.getTime()) return;
    if (until) await auctionEngine.bar(userId, until);
    else await auctionEngine.lift(userId);
    applied = until;
  }
}

/**
 * Notes that someone won and did not pay. The second time within 90 days they can not bid for 90 days from
 * then on. Again it changes nothing.
 */
export async function noteUnpaid(
  bidderId: string,
  orderId: string,
  deps: BarDeps & Pick<Deps, "unpaidWins">,
): Promise<void> {
  const now = deps.clock.now();
  await deps.unpaidWins.add(bidderId, orderId, now);
  const since = new Date(now.getTime() - COUNTED_MS);
  const counted = await deps.unpaidWins.countedSince(bidderId, since);
  if (counted.length < MOST_UNPAID) return;
  const last = new Date(Math.max(...counted.map((at) => at.getTime())));
  await deps.biddingBars.barForUnpaid(bidderId, barEnd(last), now);
  await applyBar(bidderId, deps);
}
