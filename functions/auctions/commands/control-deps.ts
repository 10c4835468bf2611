import type { CommandUse } from "../../../shared/discord/command-action.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { SettleDeps } from "../../shop/checkout/settle-checkout.ts";
import type { Deps } from "../deps.ts";
import type { Auction } from "../domain/auction.ts";
import type { OpenAuctionDeps } from "../running/open-auction.ts";
import type { RecordBidsDeps } from "../running/record-bids.ts";
import type { SettleAuctionDeps } from "../settlement/settle-auction.ts";
import type { UnreadableAuction } from "../store/auction-document.ts";

/** Everything the auction commands need; each part takes less. */
export type AuctionControlDeps = OpenAuctionDeps &
  RecordBidsDeps &
  SettleAuctionDeps &
  SettleDeps &
  Pick<Deps, "config">;

/** The auction that a command names, if the asker may change it: its builder, or staff. */
export async function ownAuction(
  { userId, isStaff }: CommandUse,
  named: string,
  { auctions }: Pick<Deps, "auctions">,
): Promise<Auction | undefined> {
  const id = readSnowflake(named);
  const auction = id ? await auctions.get(id) : undefined;
  return auction && (isStaff || auction.builderId === userId) ? auction : undefined;
}

/** The same where its document can't be read any more; undefined where it can. */
export async function ownUnreadable(
  { userId, isStaff }: CommandUse,
  named: string,
  { auctions }: Pick<Deps, "auctions">,
): Promise<UnreadableAuction | undefined> {
  const id = readSnowflake(named);
  const auction = id ? await auctions.unreadable(id) : undefined;
  return auction && (isStaff || auction.builderId === userId) ? auction : undefined;
}

/** Forgets a channel's auction that is over: it was shown there when its hammer fell. */
export async function freeChannel(
  channelId: string,
  { auctions, auctionEngine }: Pick<Deps, "auctions" | "auctionEngine">,
): Promise<void> {
  const known = await auctionEngine.inChannel(channelId);
  const auction = known ? await auctions.get(known) : undefined;
  if (auction && auction.state !== "live") await auctionEngine.leave(channelId);
}
