import { DiscordError } from "../clients/discord.ts";
import type { Auction } from "../domain/auction.ts";
import type { Deps } from "../runtime/deps.ts";

/** Discord's addresses of files end after about a day; half of that leaves time to try again. */
const RENEW_AFTER_MS = 12 * 3_600_000;

/**
 * Keeps the address of an auction's picture fresh, for the site and for boards in more channels. Doing
 * it again changes nothing; where the board is gone there is nothing to read.
 */
export async function keepPicture(
  auction: Auction,
  deps: Pick<Deps, "auctions" | "discord" | "clock">,
): Promise<void> {
  const now = deps.clock.now();
  const isFresh = now.getTime() - auction.imageReadAt.getTime() < RENEW_AFTER_MS;
  if (!auction.imageUrl || isFresh) return;
  const url = await freshPicture(auction, deps);
  if (url) await deps.auctions.recordImage(auction.id, url, now);
}

/** Where the first board's picture can be fetched for some hours; undefined when it is gone. */
export async function freshPicture(
  { boards }: Auction,
  { discord }: Pick<Deps, "discord">,
): Promise<string | undefined> {
  const [board] = boards;
  if (!board?.messageId) return undefined;
  try {
    return await discord.attachmentUrl(board.channelId, board.messageId);
  } catch (error) {
    if (error instanceof DiscordError && error.isTerminal) return undefined;
    throw error;
  }
}
