import type { CommandUse } from "../../../shared/discord/command-action.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { SettleDeps } from "../../shop/checkout/settle-checkout.ts";
import type { Deps } from "../deps.ts";
import type { Auction } from "../domain/auction.ts";
import type { OpenAuctionDeps } from "../lifecycle/opening/open-auction.ts";
import type { RecordBidsDeps } from "../lifecycle/running/record-bids.ts";
import type { SettleAuctionDeps } from "../lifecycle/settlement/settle-auction.ts";
import type { UnreadableAuction } from "../store/auction-document.ts";

/** The dependencies of all auction commands. Each part takes only what it needs. */
export type AuctionControlDeps = OpenAuctionDeps &
  RecordBidsDeps &
  SettleAuctionDeps &
  SettleDeps &
  Pick<Deps, "config">;

/** The auction that a command names, if the user may change it as its builder or as staff. */
export async function ownAuction(
  { userId, isStaff }: CommandUse,
  named: string,
  { auctions }: Pick<Deps, "auctions">,
): Promise<Auction | undefined> {
  const id = readSnowflake(named);
  const auction = id ? await auctions.get(id) : undefined;
  return auction && (isStaff || auction.builderId === userId) ? auction : undefined;
}

/** The same for an auction whose document is invalid; undefined if it is valid. */
export async function ownUnreadable(
  { userId, isStaff }: CommandUse,
  named: string,
  { auctions }: Pick<Deps, "auctions">,
): Promise<UnreadableAuction | undefined> {
  const id = readSnowflake(named);
  const auction = id ? await auctions.unreadable(id) : undefined;
  return auction && (isStaff || auction.builderId === userId) ? auction : undefined;
}

/** Removes an auction that is over from its channel in Redis: it was shown there just as its hammer fell. */
export async function freeChannel(
  channelId: string,
  { auctions, auctionEngine }: Pick<Deps, "auctions" | "auctionEngine">,
): Promise<void> {
  const known = await auctionEngine.inChannel(channelId);
  const auction = known ? await auctions.get(known) : undefined;
  if (auction && auction.state !== "live") await auctionEngine.leave(channelId);
}
