import { DiscordError } from "../../../shared/clients/discord.ts";
import type { Deps } from "../deps.ts";
import type { Auction } from "../domain/auction.ts";

/** Discord's file URLs expire after about a day. Renewing after half of that leaves time to retry. */
const RENEW_AFTER_MS = 12 * 3_600_000;

/** The dependencies of `keepPicture`. */
export type KeepPictureDeps = Pick<Deps, "auctions" | "discord" | "clock">;

/**
 * Renews the URL of an auction's picture, for the site and for boards in further channels. Idempotency: a fresh URL
 * is not renewed. If the board is gone, nothing changes.
 */
export async function keepPicture(auction: Auction, deps: KeepPictureDeps): Promise<void> {
  const now = deps.clock.now();
  if (!auction.imageUrl || isFresh(auction, now)) return;
  const url = await freshPicture(auction, deps);
  if (url) await deps.auctions.recordImage(auction.id, url, now);
}

/**
 * A URL of an auction's picture that works for some hours: the one on its first board or, if that was never posted or
 * cannot be read, the stored URL while it is fresh. Undefined when there is neither.
 */
export async function freshPicture(
  auction: Auction,
  { discord, clock }: Pick<Deps, "discord" | "clock">,
): Promise<string | undefined> {
  const [board] = auction.boards;
  const known = isFresh(auction, clock.now()) ? auction.imageUrl : undefined;
  if (!board?.messageId) return known;
  try {
    const [url] = await discord.attachmentUrls(board.channelId, board.messageId);
    return url;
  } catch (error) {
    if (error instanceof DiscordError && error.isTerminal) return known;
    throw error;
  }
}

function isFresh({ imageReadAt }: Auction, now: Date): boolean {
  return now.getTime() - imageReadAt.getTime() < RENEW_AFTER_MS;
}
