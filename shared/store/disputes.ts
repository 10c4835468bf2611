import type { Dispute, Order } from "../domain/order.ts";
import type { Database } from "../ports/database.ts";
import { toOrder } from "./order-document.ts";

export type Disputes = ReturnType<typeof createDisputes>;

/** Disputes in the `orders` collection. While one is open nothing of the order is released. */
export function createDisputes(database: Database) {
  return {
    /** Keeps what is known of an order's dispute. An outcome stays, and an open one is not hidden. */
    async record(orderId: string, dispute: Dispute, now: Date): Promise<Order> {
      const firestore = await database();
      const place = firestore.collection("orders").doc(orderId);
      return firestore.runTransaction(async (transaction) => {
        const order = toOrder(await transaction.get(place));
        const known = order.payment?.dispute;
        const isDecided = known?.id === dispute.id && known.outcome !== "open";
        const isAnotherOpen = known?.outcome === "open" && known.id !== dispute.id;
        if (!order.payment || isDecided || (isAnotherOpen && dispute.outcome !== "open"))
          return order;
        transaction.update(place, { dispute, updated_at: now });
        return { ...order, payment: { ...order.payment, dispute } };
      });
    },
  };
}
