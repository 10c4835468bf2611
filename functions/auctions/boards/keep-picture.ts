import { DiscordError } from "../../../shared/clients/discord.ts";
import type { Deps } from "../deps.ts";
import type { Auction } from "../domain/auction.ts";

/** Discord's addresses of files end after about a day; half of that leaves time to try again. */
const RENEW_AFTER_MS = 12 * 3_600_000;

/** What keeping the address needs. */
export type KeepPictureDeps = Pick<Deps, "auctions" | "discord" | "clock">;

/**
 * Keeps the address of an auction's picture fresh, for the site and for boards in more channels. Doing
 * it again changes nothing; where the board is gone there is nothing to read.
 */
export async function keepPicture(auction: Auction, deps: KeepPictureDeps): Promise<void> {
  const now = deps.clock.now();
  if (!auction.imageUrl || isFresh(auction, now)) return;
  const url = await freshPicture(auction, deps);
  if (url) await deps.auctions.recordImage(auction.id, url, now);
}

/**
 * Where an auction's picture can be fetched for some hours: as its first board has it, or, where it was
 * never posted or cannot be read, the address that is known, unless that is old. Undefined when it is
 * gone.
 */
export async function freshPicture(
  auction: Auction,
  { discord, clock }: Pick<Deps, "discord" | "clock">,
): Promise<string | undefined> {
  const [board] = auction.boards;
  const known = isFresh(auction, clock.now()) ? auction.imageUrl : undefined;
  if (!board?.messageId) return known;
  try {
    return await discord.attachmentUrl(board.channelId, board.messageId);
  } catch (error) {
    if (error instanceof DiscordError && error.isTerminal) return known;
    throw error;
  }
}

function isFresh({ imageReadAt }: Auction, now: Date): boolean {
  return now.getTime() - imageReadAt.getTime() < RENEW_AFTER_MS;
}
