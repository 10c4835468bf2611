import type { Auction } from "../domain/auction.ts";
import type { Deps } from "../runtime/deps.ts";
import { commitmentsOf } from "../store/bids.ts";
import { engineStateOf, scheduleHammer } from "./open-auction.ts";

/** What recording needs. */
export type RecordBidsDeps = Pick<
  Deps,
  "auctions" | "auctionEngine" | "bids" | "unpaidWins" | "tasks" | "clock" | "log"
>;

/** After a pause bidders have at least this long. */
const MIN_LEFT_AFTER_PAUSE_MS = 60_000;

/** An auction with every bid recorded that Redis had accepted, and who is to hear that they were outbid. */
export interface Recorded {
  readonly auction: Auction;
  readonly outbid: readonly { readonly bidderId: string; readonly sequence: number }[];
}

/**
 * Copies what Redis has accepted into the audit record, and gives the auction after it. Where Redis
 * has lost the auction, or its newest part, it is restored from the record first.
 *
 * Twice or at the same time: a bid is recorded under its sequence number, once. Dying in between: the
 * next run goes on after the last recorded one.
 */
export async function recordBids(before: Auction, deps: RecordBidsDeps): Promise<Recorded> {
  const outbid: { bidderId: string; sequence: number }[] = [];
  let auction = before;
  for (;;) {
    const known = auction.standing?.sequence ?? 0;
    const progress = await deps.auctionEngine.progress(auction.id);
    const isBehind = progress === undefined || progress.sequence < known;
    if (isBehind && auction.state === "live") auction = await restore(auction, deps);
    if (isBehind || progress.sequence === known) return { auction, outbid };
    const bids = await deps.auctionEngine.bidsAfter(auction.id, known);
    if (bids.length === 0) return { auction, outbid };
    await deps.bids.record(auction.id, bids, progress.bidders);
    for (const bid of bids) {
      if (bid.toldBidderId) outbid.push({ bidderId: bid.toldBidderId, sequence: bid.sequence });
    }
    auction = (await deps.auctions.get(auction.id)) ?? auction;
  }
}

/**
 * Gives Redis back what it has lost. Bidding was paused meanwhile, so at least a minute is left.
 * Again, it finds Redis no longer behind and changes nothing.
 */
async function restore(before: Auction, deps: RecordBidsDeps): Promise<Auction> {
  deps.log.warn("Redis had lost an auction; it is restored from the record", {
    auction: before.id,
    sequence: before.standing?.sequence ?? 0,
  });
  const resumedAt = new Date(deps.clock.now().getTime() + MIN_LEFT_AFTER_PAUSE_MS);
  const auction = (await deps.auctions.prolong(before.id, resumedAt)) ?? before;
  const commitments = commitmentsOf(await deps.bids.all(auction.id));
  await deps.auctionEngine.restoreBidders(auction.id, commitments);
  for (const bidderId of await deps.unpaidWins.barred()) await deps.auctionEngine.bar(bidderId);
  await deps.auctionEngine.open(engineStateOf(auction));
  await scheduleHammer(auction, deps);
  return auction;
}
