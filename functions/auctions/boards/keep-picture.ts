import { DiscordError } from "../../../shared/clients/discord/errors.ts";
import type { SentFile } from "../../../shared/clients/discord/messages.ts";
import { storedSize } from "../../../shared/web/picture-size.ts";
import type { Deps } from "../deps.ts";
import type { Auction } from "../domain/auction.ts";

/** Discord's file URLs expire after about a day. Renewing after half of that leaves time to retry. */
const RENEW_AFTER_MS = 12 * 3_600_000;

/** The dependencies of `keepPicture`. */
export type KeepPictureDeps = Pick<Deps, "auctions" | "discord" | "clock">;

/**
 * Renews the URL of an auction's picture, for the site and for boards in further channels, and reads its size once a
 * board is posted. Idempotency: a fresh URL with a size is not renewed. If the board is gone, nothing changes.
 */
export async function keepPicture(auction: Auction, deps: KeepPictureDeps): Promise<void> {
  const now = deps.clock.now();
  const isKnown = auction.imageSize !== undefined && isFresh(auction, now);
  if (!auction.imageUrl || isKnown) return;
  const file = await pictureOnBoard(auction, deps);
  if (file) await deps.auctions.recordImage(auction.id, file.url, storedSize(file), now);
}

/**
 * A URL of an auction's picture that works for some hours: the one on its first board or, if that was never posted or
 * cannot be read, the stored URL while it is fresh. Undefined when there is neither.
 */
export async function freshPicture(
  auction: Auction,
  deps: Pick<Deps, "discord" | "clock">,
): Promise<string | undefined> {
  const file = await pictureOnBoard(auction, deps);
  if (file) return file.url;
  return isFresh(auction, deps.clock.now()) ? auction.imageUrl : undefined;
}

/** The picture on an auction's first board; undefined if that was never posted, is gone, or has none. */
async function pictureOnBoard(
  { boards: [board] }: Auction,
  { discord }: Pick<Deps, "discord">,
): Promise<SentFile | undefined> {
  if (!board?.messageId) return undefined;
  try {
    return (await discord.attachments(board.channelId, board.messageId))[0];
  } catch (error) {
    if (error instanceof DiscordError && error.isTerminal) return undefined;
    throw error;
  }
}

function isFresh({ imageReadAt }: Auction, now: Date): boolean {
  return now.getTime() - imageReadAt.getTime() < RENEW_AFTER_MS;
}
