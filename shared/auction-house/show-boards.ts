import { createHash, randomUUID } from "node:crypto";
import { DiscordError } from "../clients/discord.ts";
import type { Auction } from "../domain/auction.ts";
import { auctionBoard, outbidNotice } from "../messages/auctions.ts";
import { type SendDeps, sendDmOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";
import { NotYetError } from "../runtime/task-worker.ts";
import { postBoard, shownKey } from "./place-board.ts";
import { type RecordBidsDeps, recordBids } from "./record-bids.ts";

/** What showing needs. */
export type ShowBoardsDeps = RecordBidsDeps & SendDeps & Pick<Deps, "redis" | "users" | "config">;

/** Longer than a run with Discord's waits takes as a rule; a second run then finds less to do. */
const LOCK_SECONDS = 60;
/** Within this time an unchanged board is not edited again. */
const SHOWN_SECONDS = 8 * 24 * 3600;

/**
 * Records an auction's new bids, shows them on every board and tells who was outbid and wants to know.
 * Nothing is shown that is not recorded. The mark goes before anything is read, so that a later bid
 * makes its own task; one run at a time, so that no older state overwrites a newer one. Throws
 * NotYetError while another run is under way.
 */
export async function showBoards(auctionId: string, deps: ShowBoardsDeps): Promise<void> {
  const client = await deps.redis();
  const owner = randomUUID();
  const lock = `auction-board-lock:${auctionId}`;
  if (!(await client.set(lock, owner, { nx: true, ex: LOCK_SECONDS }))) {
    throw new NotYetError("Another edit of the board is under way");
  }
  try {
    await deps.auctionEngine.clearBoardMark(auctionId);
    const known = await deps.auctions.get(auctionId);
    if (!known) return;
    const auction = await recordBids(known, deps);
    for (const { channelId, messageId } of auction.boards) {
      await showBoard(auction, { channelId, messageId }, deps);
    }
    if (auction.isBoardDue) await deps.auctions.shown(auctionId, auction);
    await tellOutbid(auction, deps);
  } finally {
    if ((await client.get(lock)) === owner) await client.del(lock);
  }
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
  const message = auctionBoard(auction, deps.clock.now(), deps.config.PUBLIC_SITE_URL);
  try {
    const messageId = board.messageId ?? (await postBoard(auction, channelId, message, deps));
    const client = await deps.redis();
    const shown = shownKey(auction.id, channelId);
    const print = createHash("sha256").update(JSON.stringify(message)).digest("base64url");
    if (print === (await client.get(shown))) return;
    await deps.discord.editMessage(channelId, messageId, message);
    await client.set(shown, print, { ex: SHOWN_SECONDS });
  } catch (error) {
    const isGone = error instanceof DiscordError && (error.isUnusableChannel || error.isUnknown);
    if (!isGone) throw error;
    deps.log.warn("An auction's board is gone, or may not be edited", {
      auction: auction.id,
      channel: channelId,
    });
  }
}
