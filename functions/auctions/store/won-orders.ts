import type { Database } from "../../../shared/ports/database.ts";
import { orderDocument, reservedOrder } from "../../shop/documents/order.ts";
import type { Order, PaymentPlan } from "../../shop/domain/order.ts";
import { toAuction } from "./auction-document.ts";

/** Someone has won an auction, or accepted an offer. Amounts in minor units. */
export interface WonOrder extends Pick<Order, "id" | "buyerId" | "builderId"> {
  readonly auctionId: string;
  readonly round: number;
  readonly title: string;
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly plan: PaymentPlan;
  readonly expiresAt: Date;
  readonly now: Date;
}

export type WonOrders = ReturnType<typeof createWonOrders>;

/** Orders of what was won; they are the shop's from then on. */
export function createWonOrders(database: Database) {
  return {
    /**
     * An order of what was won in an auction, reserved until `expiresAt`; a repeat gives the first.
     * None when the result was taken back, or it is someone else's turn.
     */
    async create(won: WonOrder): Promise<Order | undefined> {
      const firestore = await database();
      const order = orderDocument.place(firestore, won.id);
      const auction = firestore.collection("auctions").doc(won.auctionId);
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
