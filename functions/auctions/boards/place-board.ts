import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { type SendDeps, sendOnce } from "../../../shared/discord/sending/send-once.ts";
import {
  forgetShown,
  oneAtATime,
  type ShowDeps,
  showUnlessShown,
  waitIfLimited,
} from "../../../shared/live-message/show.ts";
import { fetchPicture } from "../../shop/drops/picture.ts";
import type { Deps } from "../deps.ts";
import type { Auction } from "../domain/auction.ts";
import { auctionBoard, BOARD_PICTURE } from "../messages/board.ts";
import { keepPicture } from "./keep-picture.ts";
import { boardId, liveBoard } from "./live-board.ts";

/** Waits between attempts to take the lock. Their sum is longer than an edit usually takes. */
const LOCK_WAITS_MS = [200, 400, 800, 1600] as const;

/** The dependencies of `placeBoard`. */
export type PlaceBoardDeps = SendDeps &
  ShowDeps &
  Pick<Deps, "auctions" | "log"> & {
    readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL">;
  };

/**
 * Shows an auction in a channel before it is announced there, and posts its board again if it was deleted. Returns
 * `forbidden` when Discord refuses permanently, for example because the channel is closed to us or a thread is locked.
 * Idempotency: a repeat finds the board and returns the same outcome. Throws NotYetError while another edit of the
 * board holds the lock, and errors that a retry may resolve.
 */
export async function placeBoard(
  { id }: Auction,
  channelId: string,
  deps: PlaceBoardDeps,
): Promise<"placed" | "forbidden"> {
  try {
    const work = () => place(id, channelId, deps);
    await oneAtATime(liveBoard, boardId(id, channelId), work, deps, LOCK_WAITS_MS);
    return "placed";
  } catch (error) {
    if (!(error instanceof DiscordError && error.isTerminal)) throw error;
    deps.log.warn("An auction may not be shown", { auction: id, channelId, code: error.code });
    return "forbidden";
  }
}

async function place(auctionId: string, channelId: string, deps: PlaceBoardDeps): Promise<void> {
  const auction = await deps.auctions.get(auctionId);
  if (!auction) throw new Error(`Auction ${auctionId} is to be shown and is not there.`);
  // Only Discord knows whether we may post, so the edit is sent even if the board is up to date.
  await forgetShown(liveBoard, boardId(auctionId, channelId), deps);
  const known = auction.boards.find((board) => board.channelId === channelId)?.messageId;
  const isThere = known !== undefined && (await edited(auction, channelId, known, deps));
  if (!isThere) await postBoard(auction, channelId, deps, known);
}

/** Posts a board and returns the message's id. A repeat finds the first post, which may be out of date. */
export async function postBoard(
  auction: Auction,
  channelId: string,
  deps: PlaceBoardDeps,
  insteadOf?: string,
): Promise<string> {
  const key = `auction-board:${auction.id}:${channelId}`;
  const file = await pictureOf(auction);
  const post = { ...boardOf(auction, deps), ...(file && { files: [file] }) };
  const name = insteadOf === undefined ? key : `${key}:${insteadOf}`;
  const { messageId } = await sendOnce(name, async () => channelId, post, deps);
  const posted = await deps.auctions.recordBoard(auction.id, channelId, messageId);
  if (file && posted) await keepPicture(posted, deps);
  return messageId;
}

/**
 * Edits a board unless it is up to date. Throws DiscordError, also when rate-limited: after the wait, the board may
 * have to show something else.
 */
export async function editBoard(
  auction: Auction,
  channelId: string,
  messageId: string,
  deps: PlaceBoardDeps,
): Promise<void> {
  const board = async () => {
    const message = boardOf(auction, deps);
    return { message, edit: () => deps.discord.editMessageNow(channelId, messageId, message) };
  };
  await showUnlessShown(liveBoard, boardId(auction.id, channelId), board, deps);
}

function boardOf(auction: Auction, { clock, config }: PlaceBoardDeps): OutgoingMessage {
  return auctionBoard(auction, clock.now(), config.PUBLIC_SITE_URL);
}

/** Edits a board; returns false when the message no longer exists. Waits when rate-limited. */
async function edited(
  auction: Auction,
  channelId: string,
  messageId: string,
  deps: PlaceBoardDeps,
): Promise<boolean> {
  for (;;) {
    try {
      await editBoard(auction, channelId, messageId, deps);
      return true;
    } catch (error) {
      if (error instanceof DiscordError && error.isUnknown) return false;
      await waitIfLimited(error, deps);
    }
  }
}

/** The picture's bytes, to upload with the post: its original URL works only for some hours. */
async function pictureOf({ imageUrl }: Auction) {
  const bytes = imageUrl === undefined ? "gone" : await fetchPicture(imageUrl);
  return bytes === "gone" ? undefined : { name: BOARD_PICTURE, bytes };
}
