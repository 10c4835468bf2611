import type { ChangesOf } from "../../../../shared/documents/define-document.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { auctionDocument } from "../../documents/auction.ts";
import type { Auction, Claim } from "../../domain/auction.ts";
import { toAuction } from "../auction-document.ts";

/** Decides the changes to an auction; undefined for none. */
type Decide = (auction: Auction) => ChangesOf<typeof auctionDocument> | undefined;

export type AuctionChanges = ReturnType<typeof createAuctionChanges>;

/** Reads and changes one auction. */
export function createAuctionChanges(database: Database) {
  const placeOf = async (id: string) => auctionDocument.place(await database(), id);

  const get = async (id: string): Promise<Auction | undefined> => {
    const snapshot = await (await placeOf(id)).get();
    return snapshot.exists ? toAuction(snapshot) : undefined;
  };

  /** Makes the changes that `decide` returns. Returns the auction before them; undefined if there is none. */
  const change = async (id: string, decide: Decide): Promise<Auction | undefined> =>
    auctionDocument.changeUnlocked(await placeOf(id), toAuction, (auction) => {
      const changes = decide(auction);
      // Every change must be shown: if its board task is lost, the sweeper schedules another.
      return changes && { isBoardDue: true, ...changes };
    });

  return {
    get,
    change,

    /** The same, but returns the auction after the changes. */
    async changed(id: string, decide: Decide): Promise<Auction | undefined> {
      return (await change(id, decide)) && get(id);
    },
  };
}

/** Whether a claim has not moved on. */
export function isSameClaim(one: Claim | undefined, other: Claim | undefined): boolean {
  return one?.round === other?.round && one?.state === other?.state;
}

/** The fields that say where an auction is shown. */
export function boardFields(boards: Auction["boards"]) {
  return { boards, channelIds: boards.map(({ channelId }) => channelId) };
}
