import type { Deps } from "../../deps.ts";

/** Removes an auction that is over from its channel in Redis: it was shown there just as its hammer fell. */
export async function freeChannel(
  channelId: string,
  { auctions, auctionEngine }: Pick<Deps, "auctions" | "auctionEngine">,
): Promise<void> {
  const known = await auctionEngine.inChannel(channelId);
  const auction = known ? await auctions.get(known) : undefined;
  if (auction && auction.state !== "live") await auctionEngine.leave(channelId);
}

/**
 * Whether another auction runs in a channel according to the record. Redis refuses two auctions in one channel, but it
 * may have lost the first.
 */
export async function isHeldByAnother(
  channelId: string,
  auctionId: string,
  { auctions }: Pick<Deps, "auctions">,
): Promise<boolean> {
  const running = await auctions.runningIn(channelId);
  return running !== undefined && running !== auctionId;
}
