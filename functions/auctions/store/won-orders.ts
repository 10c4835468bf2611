import type { Database } from "../../../shared/ports/database.ts";
import { orderDocument, reservedOrder } from "../../shop/documents/order.ts";
import type { Order, PaymentPlan } from "../../shop/domain/order.ts";
import { auctionDocument } from "../documents/auction.ts";
import { toAuction } from "./auction-document.ts";

/** An auction that was won, or an offer that was accepted. Amounts in minor units. */
export interface WonOrder extends Pick<Order, "id" | "buyerId" | "builderId"> {
  readonly auctionId: string;
  readonly round: number;
  readonly title: string;
  readonly amount: number;
  /** What of the amount is for shipping. */
  readonly shipping: number;
  readonly delivery: Order["delivery"];
  readonly fee: number;
  readonly currency: string;
  readonly plan: PaymentPlan;
  readonly expiresAt: Date;
  readonly now: Date;
}

export type WonOrders = ReturnType<typeof createWonOrders>;

/** Creates orders for won auctions. From then on the shop handles them. */
export function createWonOrders(database: Database) {
  return {
    /**
     * Creates the order of a won auction, reserved until `expiresAt`. Idempotency: a repeat returns the first order.
     * Returns undefined when the result was voided or it is someone else's turn.
     */
    async create(won: WonOrder): Promise<Order | undefined> {
      const firestore = await database();
      const order = orderDocument.place(firestore, won.id);
      const auction = auctionDocument.place(firestore, won.auctionId);
      const isThere = await firestore.runTransaction(async (transaction) => {
        if ((await transaction.get(order)).exists) return true;
        const { state, claim } = toAuction(await transaction.get(auction));
        const isTheirs = claim?.round === won.round && claim.state === "ordered";
        if (state !== "sold" || !isTheirs) return false;
        const { id: _, round: __, ...terms } = won;
        orderDocument.create(transaction, order, reservedOrder(terms));
        return true;
      });
      if (!isThere) return undefined;
      const made = await order.get();
      return made.exists ? orderDocument.read(made) : undefined;
    },
  };
}
