import type { Database } from "../../../../shared/ports/database.ts";
import { auctionDocument } from "../../documents/auction.ts";
import { type Auction, type Claim, isResultStanding } from "../../domain/auction.ts";
import { type AuctionChanges, isSameClaim } from "./change.ts";

/** What comes after the hammer: the result, who may buy, and whether the item is auctioned again. */
export function createResults(database: Database, { changed }: AuctionChanges) {
  return {
    /** Records the hammer's result, once; also the later sale of an auction that ended below its reserve. */
    finish(
      id: string,
      result: Pick<Auction, "runnersUp" | "isReserveWaived"> & {
        readonly state: "sold" | "unsold";
        readonly price: number;
        readonly endsAt: Date;
      },
    ): Promise<Auction | undefined> {
      return changed(id, ({ state, standing, rerunId }) => {
        const isSoldLater =
          state === "unsold" && result.state === "sold" && result.isReserveWaived && !rerunId;
        if (state !== "live" && !isSoldLater) return undefined;
        return {
          state: result.state,
          isSettling: true,
          ...(state === "live" && { endsAt: result.endsAt }),
          ...(result.isReserveWaived && { isReserveWaived: true }),
          runnersUp: result.runnersUp.map(({ bidderId, amount }) => ({ bidderId, amount })),
          ...(standing && { standing: { ...standing, price: result.price } }),
        };
      });
    },

    /** Replaces the claim `before` with `next`, unless the claim has changed since. */
    claim(id: string, before: Claim | undefined, next: Claim): Promise<Auction | undefined> {
      return changed(id, ({ state, claim }) =>
        state === "sold" && isSameClaim(claim, before) ? { claim: next } : undefined,
      );
    },

    /**
     * Records which auction reruns an item, in place of the earlier rerun `insteadOf`; returns the recorded one. That
     * is the other one if two reruns are requested at once, and `insteadOf` if the item was sold meanwhile.
     */
    async claimRerun(
      id: string,
      rerunId: string,
      insteadOf: string | undefined,
    ): Promise<string | undefined> {
      const after = await changed(id, (auction) =>
        auction.rerunId === insteadOf && !isResultStanding(auction) ? { rerunId } : undefined,
      );
      return after?.rerunId;
    },

    /** Records that all work after the hammer is done. */
    async settled(id: string): Promise<void> {
      const place = auctionDocument.place(await database(), id);
      await auctionDocument.updateNow(place, { isSettling: false });
    },
  };
}
