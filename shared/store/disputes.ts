import type { Database } from "../clients/firestore.ts";
import type { Dispute, Order } from "../domain/order.ts";
import { toOrder } from "./order-document.ts";

export type Disputes = ReturnType<typeof createDisputes>;

/** Disputes in the `orders` collection. While one is open nothing of the order is released. */
export function createDisputes(database: Database) {
  return {
    /** Keeps what is known of an order's dispute. An outcome stays, whatever arrives after it. */
    async record(orderId: string, dispute: Dispute, now: Date): Promise<Order> {
      const firestore = await database();
      const place = firestore.collection("orders").doc(orderId);
      return firestore.runTransaction(async (transaction) => {
        const order = toOrder(await transaction.get(place));
        const known = order.payment?.dispute;
        const isOlder = known?.id === dispute.id && known.outcome !== "open";
        if (!order.payment || isOlder) return order;
        transaction.update(place, { dispute, updated_at: now });
        return { ...order, payment: { ...order.payment, dispute } };
      });
    },
  };
}
