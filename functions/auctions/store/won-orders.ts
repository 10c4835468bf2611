import { createDocument } from "../../../shared/documents/document.ts";
import type { Database } from "../../../shared/ports/database.ts";
import type { Order, PaymentPlan } from "../../shop/domain/order.ts";
import { toOrder } from "../../shop/store/order-document.ts";
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
      const order = firestore.collection("orders").doc(won.id);
      const auction = firestore.collection("auctions").doc(won.auctionId);
      const isThere = await firestore.runTransaction(async (transaction) => {
        if ((await transaction.get(order)).exists) return true;
        const { state, claim } = toAuction(await transaction.get(auction));
        const isTheirs = claim?.round === won.round && claim.state === "ordered";
        if (state !== "sold" || !isTheirs) return false;
        createDocument(transaction, order, {
          buyer_id: won.buyerId,
          builder_id: won.builderId,
          title: won.title,
          auction_id: won.auctionId,
          fulfillment_status: "reserved",
          amount: won.amount,
          fee: won.fee,
          currency: won.currency,
          plan: won.plan,
          checkout_attempt: 1,
          checkout_expires_at: won.expiresAt,
          refund_requested: 0,
          refunded: 0,
          created_at: won.now,
          updated_at: won.now,
        });
        return true;
      });
      if (!isThere) return undefined;
      const made = await order.get();
      return made.exists ? toOrder(made) : undefined;
    },
  };
}
