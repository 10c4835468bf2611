import { createHash } from "node:crypto";
import { DiscordError, type OutgoingMessage } from "../../../shared/clients/discord.ts";
import { type SendDeps, sendOnce } from "../../../shared/discord/send-once.ts";
import { underLock } from "../../../shared/runtime/under-lock.ts";
import { fetchPicture } from "../../shop/drops/picture.ts";
import type { Deps } from "../deps.ts";
import type { Auction } from "../domain/auction.ts";
import { auctionBoard, BOARD_PICTURE } from "../messages/auctions.ts";

/** Together longer than an edit takes as a rule. */
const LOCK_WAITS_MS = [200, 400, 800, 1600] as const;

const LEAST_WAIT_MS = 100;

/** What holds one of an auction's boards while it is read and shown. */
export function boardLock(auctionId: string, channelId: string): string {
  return `auction-board-lock:${auctionId}:${channelId}`;
}

/** What placing a board needs. */
export type PlaceBoardDeps = SendDeps &
  Pick<Deps, "auctions" | "redis" | "log"> & {
    readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL">;
  };

/** Within this time an unchanged board is not edited again. */
const SHOWN_SECONDS = 8 * 24 * 3600;

/**
 * Shows an auction in a channel before anyone is told that it is there, anew where its board was
 * deleted; `forbidden` when Discord refuses it for good: the channel is closed to us, a thread is locked,
 * or the like. Again it finds the board and says the same. Throws NotYetError while another edit of its
 * boards takes long, and what else may pass.
 */
export async function placeBoard(
  { id }: Auction,
  channelId: string,
  deps: PlaceBoardDeps,
): Promise<"placed" | "forbidden"> {
  try {
    await underLock(
      boardLock(id, channelId),
      LOCK_WAITS_MS,
      () => place(id, channelId, deps),
      deps,
    );
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
  // Only Discord knows whether we may: it is asked even where the board shows the same already.
  await forgetShown(auctionId, channelId, deps);
  const known = auction.boards.find((board) => board.channelId === channelId)?.messageId;
  const isThere = known !== undefined && (await edited(auction, channelId, known, deps));
  if (!isThere) await postBoard(auction, channelId, deps, known);
}

/** Posts a board; a repeat finds the first, which may show something older. Gives the message's id. */
export async function postBoard(
  auction: Auction,
  channelId: string,
  deps: PlaceBoardDeps,
  insteadOf?: string,
): Promise<string> {
  const key = `auction-board:${auction.id}:${channelId}`;
  const file = await pictureOf(auction);
  const post = { ...boardOf(auction, deps), ...(file && { file }) };
  const name = insteadOf === undefined ? key : `${key}:${insteadOf}`;
  const { messageId } = await sendOnce(name, async () => channelId, post, deps);
  await deps.auctions.recordBoard(auction.id, channelId, messageId);
  return messageId;
}

/**
 * Edits a board unless it shows the same already. Throws DiscordError, also where Discord's limits ask to wait:
 * by then it may have something else to show.
 */
export async function editBoard(
  auction: Auction,
  channelId: string,
  messageId: string,
  deps: PlaceBoardDeps,
): Promise<void> {
  const message = boardOf(auction, deps);
  const client = await deps.redis();
  const shown = shownKey(auction.id, channelId);
  const fingerprint = createHash("sha256").update(JSON.stringify(message)).digest("base64url");
  if (fingerprint === (await client.get(shown))) return;
  await deps.discord.editMessageNow(channelId, messageId, message);
  await client.set(shown, fingerprint, { ex: SHOWN_SECONDS });
}

/** Nobody knows any more what a board shows: the next edit is made in any case. */
export async function forgetShown(
  auctionId: string,
  channelId: string,
  { redis }: Pick<Deps, "redis">,
): Promise<void> {
  await (await redis()).del(shownKey(auctionId, channelId));
}

function boardOf(auction: Auction, { clock, config }: PlaceBoardDeps): OutgoingMessage {
  return auctionBoard(auction, clock.now(), config.PUBLIC_SITE_URL);
}

/** Where Redis keeps a fingerprint of what a board shows. */
function shownKey(auctionId: string, channelId: string): string {
  return `auction-board-shown:${auctionId}:${channelId}`;
}

/** False when the message is not there any more. Waits where Discord's limits ask to. */
async function edited(...[auction, channelId, messageId, deps]: Parameters<typeof editBoard>) {
  for (;;) {
    try {
      await editBoard(auction, channelId, messageId, deps);
      return true;
    } catch (error) {
      if (error instanceof DiscordError && error.isUnknown) return false;
      const waitMs = error instanceof DiscordError ? error.retryAfterMs : undefined;
      if (waitMs === undefined) throw error;
      await deps.clock.sleep(Math.max(waitMs, LEAST_WAIT_MS));
    }
  }
}

/** The picture goes along with the post: where it came from Discord keeps it for some hours only. */
async function pictureOf({ imageUrl }: Auction) {
  const bytes = imageUrl === undefined ? "gone" : await fetchPicture(imageUrl);
  return bytes === "gone" ? undefined : { name: BOARD_PICTURE, bytes };
}
