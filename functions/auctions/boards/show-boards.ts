import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import { sendDmOnce, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import { snowflakeTimeMs } from "../../../shared/discord/snowflake.ts";
import { forgetShown, oneAtATime, waitIfLimited } from "../../../shared/live-message/show.ts";
import { type LockHistory, LostLockError } from "../../../shared/runtime/under-lock.ts";
import type { Deps } from "../deps.ts";
import { type Auction, shownInterruption } from "../domain/auction.ts";
import { type RecordBidsDeps, recordBids } from "../lifecycle/running/record-bids.ts";
import { outbidNotice, resumedPost } from "../messages/bid-notices.ts";
import { movedBoard } from "../messages/board.ts";
import { boardId, liveBoard } from "./live-board.ts";
import { pinBoards } from "./pin-boards.ts";
import { editBoard, type PlaceBoardDeps, postBoard } from "./place-board.ts";
import { scheduleBoard } from "./schedule-board.ts";

/** The dependencies of `showBoards`. */
export type ShowBoardsDeps = RecordBidsDeps & PlaceBoardDeps & Pick<Deps, "users" | "config">;

/** While recording takes longer than this, the boards show what is recorded so far. */
const SHOWN_AFTER_MS = 1000;
/** Waits between attempts to take the lock. Their sum is longer than an edit usually takes. */
const LOCK_WAITS_MS = [100, 200, 400] as const;
/** Discord allows few edits of messages older than this. */
const OLD_MS = 3_600_000;

/**
 * Records an auction's new bids, shows the recorded state on every board, and notifies outbid bidders who want to
 * know. The boards show only recorded bids. Recording takes no lock and each board has its own, so neither recording
 * nor a board waits for another slow board or for notices. The mark is cleared before anything is read, so that a later
 * bid schedules its own task. Throws NotYetError while another edit of a board is under way.
 */
export async function showBoards(auctionId: string, deps: ShowBoardsDeps): Promise<void> {
  await deps.auctionEngine.clearBoardMark(auctionId);
  const known = await deps.auctions.get(auctionId);
  if (!known) return;
  const recording = recordBids(known, deps);
  const outcomes = await Promise.allSettled([
    recording,
    showWhile(recording, auctionId, deps),
    recording.then((auction) => announce(auction, deps)),
  ]);
  const failed = outcomes.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
}

/** Updates the boards each second while bids are being recorded, and once more when recording ends or fails. */
async function showWhile(
  recording: Promise<unknown>,
  auctionId: string,
  deps: ShowBoardsDeps,
): Promise<void> {
  let isRecorded = false;
  const ended = recording.then(
    () => true,
    () => true,
  );
  while (!isRecorded) {
    isRecorded = await Promise.race([ended, deps.clock.sleep(SHOWN_AFTER_MS).then(() => false)]);
    await showAll(auctionId, deps);
  }
}

/**
 * Shows an auction on all of its boards, and pins them while it runs. The boards stay due while a run that has stalled
 * may still show an older state.
 */
async function showAll(auctionId: string, deps: ShowBoardsDeps): Promise<void> {
  const before = await deps.auctions.get(auctionId);
  if (!before) return;
  const shown = await Promise.allSettled(
    before.boards.map(({ channelId }) => showUnderLock(auctionId, channelId, deps)),
  );
  const failed = shown.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  await pinBoards(before, deps);
  const isFinal = shown.every((each) => each.status === "fulfilled" && !each.value.isOvertaken);
  if (before.isBoardDue && isFinal) await deps.auctions.shown(auctionId, before);
}

async function showUnderLock(
  auctionId: string,
  channelId: string,
  deps: ShowBoardsDeps,
): Promise<LockHistory> {
  const show = async (history: LockHistory) => ({
    history,
    moved: await showNewest(auctionId, channelId, deps),
  });
  const id = boardId(auctionId, channelId);
  const { history, moved } = await oneAtATime(liveBoard, id, show, deps, LOCK_WAITS_MS).catch(
    async (error: unknown) => {
      // A later attempt may have answered for this task already, so it is not repeated.
      if (error instanceof LostLockError) await scheduleBoard(auctionId, deps);
      throw error;
    },
  );
  if (moved) await leaveLine(moved, channelId, deps);
  return history;
}

/** A board that was posted again as a new message. */
interface MovedBoard {
  readonly auction: Auction;
  readonly from: string;
  readonly to: string;
}

/**
 * Updates a board with the auction's current state; when rate-limited, waits and reads the state again. A live
 * auction's board that is rate-limited because it is old is posted again, below newer messages.
 */
async function showNewest(
  auctionId: string,
  channelId: string,
  deps: ShowBoardsDeps,
): Promise<MovedBoard | undefined> {
  for (;;) {
    const auction = await deps.auctions.get(auctionId);
    const board = auction?.boards.find((each) => each.channelId === channelId);
    if (!auction || !board) return undefined;
    const { messageId } = board;
    try {
      await showBoard(auction, board, deps);
      return undefined;
    } catch (error) {
      if (messageId && isLimited(error) && isMovable(auction, messageId, deps)) {
        const to = await postBoard(auction, channelId, deps, messageId);
        await forgetShown(liveBoard, boardId(auctionId, channelId), deps);
        return { auction, from: messageId, to };
      }
      await waitIfLimited(error, deps);
    }
  }
}

function isLimited(error: unknown): boolean {
  return error instanceof DiscordError && error.retryAfterMs !== undefined;
}

/** Whether the auction is live and its board is old enough for Discord's stricter limit on edits. */
function isMovable({ state }: Auction, messageId: string, { clock }: Pick<Deps, "clock">): boolean {
  return state === "live" && clock.now().getTime() - snowflakeTimeMs(messageId) > OLD_MS;
}

/** Replaces the old board with a line that links to the new one. */
async function leaveLine(
  { auction, from, to }: MovedBoard,
  channelId: string,
  deps: ShowBoardsDeps,
): Promise<void> {
  try {
    const line = movedBoard(auction, channelId, to);
    await deps.discord.editMessage(channelId, from, line);
  } catch (error) {
    deps.log.warn("A board that has moved still shows what it did", {
      auction: auction.id,
      channel: channelId,
      why: String(error),
    });
  }
}

/** Posts a board, or edits it unless it is up to date. */
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
      auction: auction.id,
      channel: channelId,
      code: error.code,
    });
  }
}

/** Notifies outbid bidders, and announces that bidding has resumed after a pause. */
async function announce(auction: Auction, deps: ShowBoardsDeps): Promise<void> {
  await Promise.all([notifyOutbid(auction.id, deps), announceResumed(auction, deps)]);
}

/** Notifies outbid bidders who want to know: each once, about the last lead they lost. */
async function notifyOutbid(auctionId: string, deps: ShowBoardsDeps): Promise<void> {
  const due = await deps.bids.noticesDue(auctionId);
  if (due.length === 0) return;
  // Another run may have recorded some of these bids after this one read the auction.
  const auction = await deps.auctions.get(auctionId);
  if (!auction) return;
  const last = new Map(
    due.map(({ notifiedBidderId = "", sequence }) => [notifiedBidderId, sequence]),
  );
  for (const [bidderId, sequence] of last) {
    if (auction.state !== "live" || auction.standing?.leaderId === bidderId) continue;
    const key = `outbid:${auction.id}:${sequence}`;
    await sendDmOnce(key, bidderId, outbidNotice(auction), deps);
  }
  await deps.bids.noticed(auction.id, due);
}

/** Announces once in each channel that bidding was paused and has resumed. */
async function announceResumed(auction: Auction, deps: ShowBoardsDeps): Promise<void> {
  const resumedAt = shownInterruption(auction, deps.clock.now())?.resumedAt;
  if (!resumedAt) return;
  for (const { channelId } of auction.boards) {
    const key = `auction-resumed:${auction.id}:${channelId}:${resumedAt.getTime()}`;
    try {
      await sendOnce(key, async () => channelId, resumedPost(auction), deps);
    } catch (error) {
      if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    }
  }
}
