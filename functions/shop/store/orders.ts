import type { Database } from "../../../shared/ports/database.ts";
import { orderDocument } from "../documents/order.ts";
import type { Order } from "../domain/order.ts";
import { createOrderLists } from "./orders/lists.ts";
import { createOrderPages } from "./orders/pages.ts";
import { createProofsOfWork } from "./orders/proofs-of-work.ts";

const readChange = orderDocument.part("updatedAt");

export type Orders = ReturnType<typeof createOrders>;

/** The `orders` collection. The document id is the order's id; for the oldest orders, a Checkout Session's id. */
export function createOrders(database: Database) {
  const collection = async () => orderDocument.all(await database());

  return {
    ...createOrderLists(database),
    ...createOrderPages(database),
    ...createProofsOfWork(database),

    async get(orderId: string): Promise<Order | undefined> {
      const snapshot = await (await collection()).doc(orderId).get();
      return snapshot.exists ? orderDocument.read(snapshot) : undefined;
    },

    /** When an order's money or state last changed. */
    async changedAt(orderId: string): Promise<Date | undefined> {
      const snapshot = await (await collection()).doc(orderId).get();
      return readChange(snapshot).updatedAt;
    },

    /** The order of a Checkout Session. */
    async findBySession(sessionId: string): Promise<Order | undefined> {
      const found = await (await collection())
        .where("checkout_session_id", "==", sessionId)
        .limit(1)
        .get();
      return found.docs.flatMap(orderDocument.readable)[0];
    },

    /** Whether a user has ever paid for an order here, including orders refunded since. */
    async hasPaid(buyerId: string): Promise<boolean> {
      const paid = (await collection())
        .where("buyer_id", "==", buyerId)
        .where("paid_at", ">", new Date(0));
      return !(await paid.limit(1).get()).empty;
    },
  };
}
