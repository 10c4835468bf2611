import type { Deps } from "../../deps.ts";

/** The dependencies of keeping Redis informed of bars. */
export type BarDeps = Pick<Deps, "biddingBars" | "auctionEngine" | "clock">;

/** Writes all bars to Redis again, because it may have lost them. Those that are lifted meanwhile stay lifted. */
export async function restoreBars(deps: BarDeps): Promise<void> {
  const { biddingBars, auctionEngine, clock } = deps;
  const barred = await biddingBars.all(clock.now());
  if (barred.length === 0) return;
  for (const { userId, until } of barred) await auctionEngine.bar(userId, until);
  const still = new Set((await biddingBars.all(clock.now())).map(({ userId }) => userId));
  for (const { userId } of barred) if (!still.has(userId)) await applyBar(userId, deps);
}

/** Makes Redis refuse someone's bids as recorded, even if the record changes meanwhile. */
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
 * Records that someone won and did not pay. The second time within 90 days bars them from bidding for 90 days.
 * Idempotency: a repeat changes nothing.
 */
export async function noteUnpaid(bidderId: string, orderId: string, deps: BarDeps): Promise<void> {
  const isBarred = await deps.biddingBars.noteUnpaid(bidderId, orderId, deps.clock.now());
  if (isBarred) await applyBar(bidderId, deps);
}
