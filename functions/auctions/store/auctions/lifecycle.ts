import type { Database } from "../../../../shared/ports/database.ts";
import { auctionDocument } from "../../documents/auction.ts";
import type { Auction, AuctionTerms, OpeningProblem } from "../../domain/auction.ts";
import { type AuctionChanges, boardFields } from "./change.ts";

/** An auction before it opens. */
export interface NewAuction extends Pick<Auction, "id" | "opens" | "createdAt" | "imageUrl"> {
  readonly terms: AuctionTerms;
  readonly channelId: string;
}

/** An auction from its creation until it is over. */
export function createLifecycle(database: Database, { changed }: AuctionChanges) {
  return {
    /** Creates a planned auction. Idempotent. */
    async create({ id, terms, channelId, ...auction }: NewAuction): Promise<void> {
      await auctionDocument.createNow(auctionDocument.place(await database(), id), {
        ...terms,
        ...auction,
        state: "planned",
        ...boardFields([{ channelId, messageId: undefined }]),
        isBoardDue: true,
      });
    },

    /** Opens a planned auction and sets its end. An auction in another state stays as it is. */
    open(id: string, openedAt: Date, maxExtensionMs: number): Promise<Auction | undefined> {
      return changed(id, (auction) => {
        if (auction.state !== "planned") return undefined;
        const endsAtMs = openedAt.getTime() + auction.durationMs;
        return {
          state: "live",
          openedAt,
          endsAt: new Date(endsAtMs),
          latestEnd: new Date(endsAtMs + maxExtensionMs),
        };
      });
    },

    /** Moves a running auction's end to `endsAt`, Redis's value, unless it already ends later. */
    prolong(id: string, endsAt: Date): Promise<Auction | undefined> {
      return changed(id, ({ state, endsAt: before, latestEnd }) => {
        if (state !== "live" || !before || !latestEnd || before >= endsAt) return undefined;
        const leftMs = Math.max(0, latestEnd.getTime() - before.getTime());
        return { endsAt, latestEnd: new Date(endsAt.getTime() + leftMs) };
      });
    },

    /**
     * Cancels an auction that cannot open; the sweeper notifies the builder unless `isNotified`. A live auction is
     * cancelled only for `busy`, and only if nobody has bid. Otherwise it runs on, with or without a board.
     */
    couldNotOpen(
      id: string,
      why: OpeningProblem,
      { isNotified }: { readonly isNotified: boolean },
    ): Promise<Auction | undefined> {
      return changed(id, ({ state, standing, boards }) => {
        const isTaken = state === "live" && why === "busy" && !standing;
        if (state !== "planned" && !isTaken) return undefined;
        // Where we may not post, only a board that was posted earlier can be out of date.
        const isBoardDue = why !== "forbidden" || boards.some(({ messageId }) => messageId);
        return { state: "cancelled", couldNotOpen: why, isSettling: !isNotified, isBoardDue };
      });
    },

    /** Cancels a planned or running auction, or voids a result. `reason` is the team's. */
    end(id: string, to: "cancelled" | "void", reason?: string): Promise<Auction | undefined> {
      const from: readonly string[] = to === "cancelled" ? ["planned", "live"] : ["sold", "unsold"];
      return changed(id, ({ state }) =>
        from.includes(state)
          ? { state: to, isSettling: false, ...(reason && { cancelReason: reason }) }
          : undefined,
      );
    },
  };
}
