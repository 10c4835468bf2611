import { DiscordError } from "../clients/discord.ts";
import type { Auction } from "../domain/auction.ts";
import { outbidNotice } from "../messages/auctions.ts";
import { sendDmOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";
import { underLock } from "../runtime/under-lock.ts";
import { boardLock, editBoard, type PlaceBoardDeps, postBoard } from "./place-board.ts";
import { type RecordBidsDeps, recordBids } from "./record-bids.ts";

/** What showing needs. */
export type ShowBoardsDeps = RecordBidsDeps & PlaceBoardDeps & Pick<Deps, "users" | "config">;

/**
 * Records an auction's new bids, shows them on every board and tells who was outbid and wants to know.
 * Nothing is shown that is not recorded. The mark goes before anything is read, so that a later bid
 * makes its own task. Throws NotYetError while another edit of the boards is under way.
 */
export function showBoards(auctionId: string, deps: ShowBoardsDeps): Promise<void> {
  return underLock(boardLock(auctionId), [], () => show(auctionId, deps), deps);
}

async function show(auctionId: string, deps: ShowBoardsDeps): Promise<void> {
  await deps.auctionEngine.clearBoardMark(auctionId);
  const known = await deps.auctions.get(auctionId);
  if (!known) return;
  const auction = await recordBids(known, deps);
  for (const { channelId, messageId } of auction.boards) {
    await showBoard(auction, { channelId, messageId }, deps);
  }
  if (auction.isBoardDue) await deps.auctions.shown(auctionId, auction);
  await tellOutbid(auction, deps);
}

/** Tells who wants to know that someone else leads: each once, of their last lead. */
async function tellOutbid(auction: Auction, deps: ShowBoardsDeps): Promise<void> {
  const due = await deps.bids.noticesDue(auction.id);
  if (due.length === 0) return;
  const last = new Map(due.map(({ toldBidderId = "", sequence }) => [toldBidderId, sequence]));
  for (const [bidderId, sequence] of last) {
    if (auction.state !== "live" || auction.standing?.leaderId === bidderId) continue;
    const key = `outbid:${auction.id}:${sequence}`;
    await sendDmOnce(key, bidderId, outbidNotice(auction), deps);
  }
  await deps.bids.noticed(auction.id, due);
}

/** Posts a board, or edits it unless it shows the same already. */
async function showBoard(
  auction: Auction,
  board: Auction["boards"][number],
  deps: ShowBoardsDeps,
): Promise<void> {
  const { channelId } = board;
  try {
    const messageId = board.messageId ?? (await postBoard(auction, channelId, deps));
    await editBoard(auction, channelId, messageId, deps);
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    deps.log.warn("An auction's board is gone, or may not be edited", {
      ...{ auction: auction.id, channel: channelId, code: error.code },
    });
  }
}
