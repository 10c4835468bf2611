import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import { underLock } from "../../../shared/runtime/under-lock.ts";
import type { Deps } from "../deps.ts";
import { type Auction, isPinOwed, pinWantedOf } from "../domain/auction.ts";
import { boardId } from "./live-board.ts";

/** The dependencies of `pinBoards`. */
export type PinBoardsDeps = Pick<Deps, "auctions" | "discord" | "redis" | "clock" | "log">;

/** Waits between attempts to take the lock. Their sum is longer than a call to Discord usually takes. */
const LOCK_WAITS_MS = [100, 200, 400] as const;
/** What the server's audit log says. */
const REASONS = { pin: "The auction has begun", unpin: "The auction is over, or its board moved" };

/** Why Discord refuses for good, in words for operators, by its code. */
const REFUSALS: Readonly<Record<number, string>> = {
  10003: "the channel is gone",
  10008: "the message was deleted",
  30003: "the channel has as many pins as Discord allows: unpin some",
  50001: "the bot may not see the channel",
  50013: 'the bot lacks the permission "Pin Messages" there',
};

/**
 * Pins the boards of an auction while it runs, so that people find them however fast others chat, and unpins them when
 * it is over or a board has moved. Call it after the boards are shown: nothing waits for it.
 *
 * Idempotency: it asks Discord only while the record says otherwise. Crash safety: what may be pinned is recorded before
 * Discord is asked, and the auction's boards stay due until it is done. A refusal for good is logged once and changes
 * nothing else. Throws NotYetError while another run pins the same board, and what a retry may resolve.
 */
export async function pinBoards(auction: Auction, deps: PinBoardsDeps): Promise<void> {
  const owed = auction.boards.filter((board) => isPinOwed(auction, board));
  await Promise.all(
    owed.map(({ channelId }) => {
      const key = `auction-pin-lock:${boardId(auction.id, channelId)}`;
      return underLock(key, LOCK_WAITS_MS, () => pinBoard(auction.id, channelId, deps), deps);
    }),
  );
}

async function pinBoard(auctionId: string, channelId: string, deps: PinBoardsDeps): Promise<void> {
  const { auctions, discord } = deps;
  const auction = await auctions.get(auctionId);
  const board = auction?.boards.find((each) => each.channelId === channelId);
  if (!auction || !board || !isPinOwed(auction, board)) return;
  const { pin } = board;
  const wanted = pinWantedOf(auction, board);
  const place = { auction: auctionId, channel: channelId };
  if (pin && pin.messageId !== wanted) {
    const unpin = () => discord.unpinMessage(channelId, pin.messageId, REASONS.unpin);
    if (pin.state !== "refused") await isDone("unpinned", unpin, place, deps);
    await auctions.recordPin(auctionId, channelId, undefined);
  }
  if (wanted === undefined) return;
  await auctions.recordPin(auctionId, channelId, { messageId: wanted, state: "begun" });
  const pinIt = () => discord.pinMessage(channelId, wanted, REASONS.pin);
  const state = (await isDone("pinned", pinIt, place, deps)) ? "pinned" : "refused";
  await auctions.recordPin(auctionId, channelId, { messageId: wanted, state });
}

/** Makes a call; false when Discord refuses it for good, which is logged. Throws other errors. */
async function isDone(
  what: "pinned" | "unpinned",
  call: () => Promise<void>,
  place: { readonly auction: string; readonly channel: string },
  { log }: Pick<Deps, "log">,
): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    const { code } = error;
    const why = REFUSALS[code] ?? error.message;
    const fields = { event: "board-not-pinned", ...place, code, why };
    log.warn(`An auction's board may not be ${what}`, fields);
    return false;
  }
}
