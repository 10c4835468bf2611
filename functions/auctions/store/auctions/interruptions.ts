import type { Auction } from "../../domain/auction.ts";
import type { AuctionChanges } from "./change.ts";

/** Two processes that notice a loss at the same time restore the auction within this time of each other. */
const AT_ONCE_MS = 10_000;
/** Lost bids that are found within this time of each other count as one loss. */
const SAME_LOSS_MS = 60_000;

/** What happens to a running auction of which Redis has lost bids. */
export function createInterruptions({ changed }: AuctionChanges) {
  return {
    /**
     * Pauses bidding, because Redis has lost the bids after the recorded ones. An auction that is already paused, or
     * that has just resumed after the same loss, stays as it is.
     */
    pause(id: string, pausedAt: Date): Promise<Auction | undefined> {
      return changed(id, ({ state, interruption, recorded }) => {
        const sinceMs = pausedAt.getTime() - (interruption?.resumedAt ?? pausedAt).getTime();
        const isKnown = interruption && sinceMs < AT_ONCE_MS;
        if (state !== "live" || isKnown) return undefined;
        const bids = recorded?.bids ?? 0;
        return { interruption: { pausedAt, resumedAt: undefined, bids } };
      });
    },

    /** Resumes bidding after the auction was restored to its recorded state. */
    resume(id: string, resumedAt: Date): Promise<Auction | undefined> {
      return changed(id, ({ state, interruption }) => {
        if (state !== "live" || !interruption || interruption.resumedAt) return undefined;
        return { interruption: { ...interruption, resumedAt } };
      });
    },

    /** Records that all but the first `bids` bids are lost, though bidding continued. One loss is recorded once. */
    wentBack(id: string, at: Date, bids: number): Promise<Auction | undefined> {
      return changed(id, ({ state, interruption }) => {
        const sinceMs = at.getTime() - (interruption?.resumedAt ?? at).getTime();
        const isKnown = interruption && sinceMs < SAME_LOSS_MS && interruption.bids <= bids;
        if (state !== "live" || isKnown) return undefined;
        return { interruption: { pausedAt: at, resumedAt: at, bids } };
      });
    },
  };
}
