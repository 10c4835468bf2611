import type { Deps } from "../../deps.ts";
import type { Auction } from "../../domain/auction.ts";
import { type NotifyDeps, notifyCouldNotOpen } from "./open-planned.ts";

/** After this time, a builder no longer expects that an auction which was to open at once still opens. */
const INTERRUPTED_MS = 30 * 60_000;

/**
 * Cancels an auction that was to open at once and has not for half an hour, and notifies its builder. A repeat of its
 * command would open it, but the message may be acknowledged already: by a run that refused the command because another
 * auction was running in the channel, while the run that planned this one was still on its way, and then ended.
 *
 * Idempotency: only a planned auction is cancelled, and the notice is sent once. Crash safety: the next sweep does what
 * is left.
 */
export async function giveUpOpening(
  auction: Auction,
  deps: NotifyDeps & Pick<Deps, "clock">,
): Promise<void> {
  if (deps.clock.now().getTime() - auction.createdAt.getTime() < INTERRUPTED_MS) return;
  const after = await deps.auctions.couldNotOpen(auction.id, "interrupted", { isNotified: false });
  if (after?.couldNotOpen) await notifyCouldNotOpen(after, after.couldNotOpen, deps);
}
