import type { Database } from "../../../../shared/ports/database.ts";
import { auctionDocument } from "../../documents/auction.ts";
import { type UnreadableAuction, unreadableAuction } from "../auction-document.ts";
import { MAX_LISTED } from "./lists.ts";

const readState = auctionDocument.remainder("state");

/** Auctions whose documents are invalid: they are listed and can be cancelled. */
export function createUnreadableAuctions(database: Database) {
  return {
    /** What can be read of an invalid auction document; undefined when the document is valid or missing. */
    async unreadable(id: string): Promise<UnreadableAuction | undefined> {
      const snapshot = await auctionDocument.place(await database(), id).get();
      return snapshot.exists ? unreadableAuction(snapshot)[0] : undefined;
    },

    /**
     * Auctions whose documents are invalid and that may not be over: a builder's, or all planned and live ones if no
     * builder is given. Looks at most at 100 documents.
     */
    async unreadableOpen(builderId?: string): Promise<UnreadableAuction[]> {
      const auctions = auctionDocument.all(await database());
      const concerned = builderId
        ? auctions.where("builder_id", "==", builderId)
        : auctions.where("state", "in", ["planned", "live"]);
      const found = await concerned.limit(MAX_LISTED).get();
      return found.docs.flatMap(unreadableAuction).filter(({ isOver }) => !isOver);
    },

    /** Cancels an auction whose document is invalid; false when there is no such auction or it is over. */
    async endUnreadable(id: string, reason?: string): Promise<boolean> {
      const place = auctionDocument.place(await database(), id);
      const found = await auctionDocument.changeUnlocked(
        place,
        (snapshot) => ({ ...readState(snapshot), auction: unreadableAuction(snapshot)[0] }),
        ({ state, auction }) =>
          state === "cancelled" || !auction || auction.isOver
            ? undefined
            : {
                state: "cancelled",
                isSettling: false,
                isBoardDue: false,
                ...(reason && { cancelReason: reason }),
              },
      );
      if (!found) return false;
      return found.state === "cancelled" || (found.auction !== undefined && !found.auction.isOver);
    },
  };
}
