import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { isReserved, type Order } from "../../domain/order.ts";

/** The Checkout Sessions of reserved orders. */
export function createSessions(database: Database) {
  return {
    /**
     * Stores the Checkout Session of a reserved order and returns the order. The first session is kept; a session
     * for an earlier attempt or an ended reservation is ignored.
     */
    async recordSession(
      orderId: string,
      { attempt, sessionId, url }: { attempt: number; sessionId: string; url: string },
    ): Promise<Order> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const order = orderDocument.read(await transaction.get(place));
        const { payment } = order;
        const isOver = !isReserved(order) || payment?.checkout.attempt !== attempt;
        if (isOver || payment.checkout.sessionId) return order;
        const changes = { payment: { checkout: { sessionId, url } } };
        orderDocument.update(transaction, place, changes);
        const checkout = { ...payment.checkout, sessionId, url };
        return { ...order, payment: { ...payment, checkout } };
      });
    },

    /**
     * Begins the next Checkout attempt and returns the order. Changes nothing if the attempt is no longer `after`,
     * or if the order already has a session or is no longer reserved.
     */
    async nextAttempt(orderId: string, after: number, expiresAt: Date): Promise<Order> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const order = orderDocument.read(await transaction.get(place));
        if (!order.payment || order.payment.checkout.attempt !== after) return order;
        if (order.payment.checkout.sessionId || !isReserved(order)) return order;
        const attempt = after + 1;
        const changes = { payment: { checkout: { attempt, expiresAt } } };
        orderDocument.update(transaction, place, changes);
        const checkout = { ...order.payment.checkout, attempt, expiresAt };
        return { ...order, payment: { ...order.payment, checkout } };
      });
    },
  };
}
