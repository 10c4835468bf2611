import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../../shop/documents/order.ts";
import type { Order } from "../../../shop/domain/order.ts";
import { auctionDocument } from "../../documents/auction.ts";
import {
  type Auction,
  type AuctionState,
  auctionOrderId,
  type Claim,
  isResultStanding,
} from "../../domain/auction.ts";
import { toAuction } from "../auction-document.ts";
import { type AuctionChanges, isSameClaim } from "./change.ts";
import { type NewAuction, plannedAuction } from "./planned.ts";

/** What comes after the hammer: the result, who may buy, and whether the item is auctioned again. */
export function createResults(database: Database, { changed }: AuctionChanges) {
  return {
    /**
     * Records the hammer's result, once; also the later sale of an auction that ended below its reserve. Nothing is
     * recorded if a running auction has changed since `seen`: Redis may have lost its end, and bidding has continued.
     */
    finish(
      seen: Auction,
      result: Pick<Auction, "runnersUp" | "isReserveWaived"> & {
        readonly state: "sold" | "unsold";
        readonly price: number;
        readonly endsAt: Date;
      },
    ): Promise<Auction | undefined> {
      return changed(seen.id, (auction) => {
        const { state, standing, rerunId } = auction;
        const isSoldLater =
          state === "unsold" && result.state === "sold" && result.isReserveWaived && !rerunId;
        const isStillEnding = state === "live" && hasSameCourse(auction, seen);
        if (!isStillEnding && !isSoldLater) return undefined;
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
     * Creates the auction that runs an item again, planned, in one commit with the record of which one does. `sold` if
     * the item was sold meanwhile, or the other rerun if there is one. Idempotent.
     */
    async createRerun(id: string, again: NewAuction): Promise<"created" | "sold" | Auction> {
      const firestore = await database();
      const place = (own: string) => auctionDocument.place(firestore, own);
      return firestore.runTransaction(async (transaction) => {
        const before = toAuction(await transaction.get(place(id)));
        if (isResultStanding(before)) return "sold";
        // A Checkout Session that was created just as the sale was given up can still be paid.
        if (before.state === "sold" && before.claim) {
          const orderId = auctionOrderId(id, before.claim.round);
          const last = await transaction.get(orderDocument.place(firestore, orderId));
          if (last.exists && !hasEnded(orderDocument.read(last))) return "sold";
        }
        const [own, other] = await transaction.getAll(
          place(again.id),
          place(before.rerunId ?? again.id),
        );
        if (other?.exists && other.id !== again.id) return toAuction(other);
        if (own?.exists) return "created";
        auctionDocument.create(transaction, place(again.id), plannedAuction(again));
        auctionDocument.update(transaction, place(id), { rerunId: again.id, isBoardDue: true });
        return "created";
      });
    },

    /**
     * Records that all work in this state is done, unless there is another state meanwhile, which is new work: the result
     * was voided, or an auction that had ended below its reserve was sold.
     */
    async settled(id: string, inState: AuctionState): Promise<void> {
      const place = auctionDocument.place(await database(), id);
      await auctionDocument.changeUnlocked(place, toAuction, ({ state }) =>
        state === inState ? { isSettling: false } : undefined,
      );
    },

    /** Records that all work after a result was voided is done. */
    async takenBack(id: string): Promise<void> {
      const place = auctionDocument.place(await database(), id);
      await auctionDocument.updateNow(place, { isSettling: false });
    },
  };
}

/** Whether an order can't be paid any more, and was not. */
function hasEnded({ fulfillmentStatus }: Pick<Order, "fulfillmentStatus">): boolean {
  return ["expired", "cancelled"].includes(fulfillmentStatus);
}

/** Whether an auction has no further bids, no other end, and has not been restored. */
function hasSameCourse(auction: Auction, seen: Auction): boolean {
  const of = ({ recorded, endsAt, interruption }: Auction) =>
    [recorded?.sequence, endsAt?.getTime(), interruption?.pausedAt.getTime()].join();
  return of(auction) === of(seen);
}
