import type { Database } from "../../../../shared/ports/database.ts";
import { auctionDocument } from "../../documents/auction.ts";
import type { Auction, BoardPin } from "../../domain/auction.ts";
import { type AuctionChanges, boardFields, isSameClaim } from "./change.ts";

/** Where and how an auction is shown. */
export function createBoardRecords(database: Database, { change, changed }: AuctionChanges) {
  return {
    /** Records the message that shows an auction in a channel, which may be new. */
    recordBoard(id: string, channelId: string, messageId: string): Promise<Auction | undefined> {
      return changed(id, ({ boards }) => {
        const others = boards.map((board) =>
          board.channelId === channelId ? { ...board, messageId } : board,
        );
        const isKnown = boards.some((board) => board.channelId === channelId);
        return boardFields(
          isKnown ? others : [...boards, { channelId, messageId, pin: undefined }],
        );
      });
    },

    /** Records what is pinned of an auction's board in a channel. If the auction is over, the sweeper looks again. */
    async recordPin(id: string, channelId: string, pin: BoardPin | undefined): Promise<void> {
      await change(id, ({ boards, state, isBoardDue }) => {
        const changed = boards.map((board) =>
          board.channelId === channelId ? { ...board, pin } : board,
        );
        return { boards: changed, isBoardDue: isBoardDue || state !== "live" };
      });
    },

    /** Records the current URL of an auction's picture, and its size as it is stored. */
    async recordImage(id: string, url: string, imageSize: string, now: Date): Promise<void> {
      const place = auctionDocument.place(await database(), id);
      await auctionDocument.updateNow(place, { imageUrl: url, imageSize, imageReadAt: now });
    },

    /** Records that the boards show `seen`, unless the auction's state, claim or boards have changed since. */
    shown(id: string, seen: Auction): Promise<Auction | undefined> {
      return change(id, (auction) => {
        const isSame = auction.state === seen.state && isSameClaim(auction.claim, seen.claim);
        const isAll = auction.boards.length === seen.boards.length;
        return isSame && isAll ? { isBoardDue: false } : undefined;
      });
    },
  };
}
