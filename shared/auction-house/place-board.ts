import { DiscordError, type OutgoingMessage } from "../clients/discord.ts";
import type { Auction } from "../domain/auction.ts";
import { auctionBoard, BOARD_PICTURE } from "../messages/auctions.ts";
import { type SendDeps, sendOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";
import { fetchPicture } from "../shop/picture.ts";

/** What placing a board needs. */
export type PlaceBoardDeps = SendDeps &
  Pick<Deps, "auctions" | "redis"> & { readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL"> };

/**
 * Shows an auction in a channel before anyone is told that it is there, anew where its board was
 * deleted; `forbidden` when we may not. Again it finds the board and says the same.
 */
export async function placeBoard(
  auction: Auction,
  channelId: string,
  deps: PlaceBoardDeps,
): Promise<"placed" | "forbidden"> {
  const message = auctionBoard(auction, deps.clock.now(), deps.config.PUBLIC_SITE_URL);
  const known = auction.boards.find((board) => board.channelId === channelId)?.messageId;
  try {
    const isThere = known !== undefined && (await edited(channelId, known, message, deps));
    if (!isThere) await postBoard(auction, channelId, message, deps, known);
    // It may show something older than the last edit did: whatever comes next is to be shown.
    await (await deps.redis()).del(shownKey(auction.id, channelId));
    return "placed";
  } catch (error) {
    if (error instanceof DiscordError && error.isUnusableChannel) return "forbidden";
    throw error;
  }
}

/** Posts a board; a repeat finds the first, which may show something older. Gives the message's id. */
export async function postBoard(
  auction: Auction,
  channelId: string,
  message: OutgoingMessage,
  deps: SendDeps & Pick<Deps, "auctions">,
  insteadOf?: string,
): Promise<string> {
  const key = `auction-board:${auction.id}:${channelId}`;
  const file = await pictureOf(auction);
  const post = { ...message, ...(file && { file }) };
  const name = insteadOf === undefined ? key : `${key}:${insteadOf}`;
  const { messageId } = await sendOnce(name, async () => channelId, post, deps);
  await deps.auctions.recordBoard(auction.id, channelId, messageId);
  return messageId;
}

/** Where Redis keeps a print of what a board shows. */
export function shownKey(auctionId: string, channelId: string): string {
  return `auction-board-shown:${auctionId}:${channelId}`;
}

/** False when the message is not there any more. */
async function edited(
  channelId: string,
  messageId: string,
  message: OutgoingMessage,
  { discord }: SendDeps,
): Promise<boolean> {
  try {
    await discord.editMessage(channelId, messageId, message);
    return true;
  } catch (error) {
    if (error instanceof DiscordError && error.isUnknown) return false;
    throw error;
  }
}

/** The picture goes along with the post: where it came from Discord keeps it for some hours only. */
async function pictureOf({ imageUrl }: Auction) {
  const bytes = imageUrl === undefined ? "gone" : await fetchPicture(imageUrl);
  return bytes === "gone" ? undefined : { name: BOARD_PICTURE, bytes };
}
