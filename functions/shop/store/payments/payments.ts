import { idsBehind } from "../../../../shared/documents/ids-behind.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { moved, type Order } from "../../domain/order.ts";
import { createSessions } from "./sessions.ts";
import {
  type PaidDelivery,
  type PaymentFacts,
  type SettledPayment,
  settlePayment,
} from "./settle-payment.ts";

/**
 * Why a payment is unfinished: `settling`, our follow-up steps are not complete; `processing`, the bank has not
 * answered.
 */
export type UnsettledPayment = "settling" | "processing";

const readSettling = orderDocument.part("fulfillmentStatus", "isSettling");

export type Payments = ReturnType<typeof createPayments>;

/** Payments in the `orders` collection, from the Checkout Session to the money's arrival. */
export function createPayments(database: Database) {
  const reference = async (orderId: string) => orderDocument.place(await database(), orderId);

  return {
    ...createSessions(database),

    /** Marks an order as paid through a bank that takes days; the buyer keeps the units. */
    async markProcessing(orderId: string, now: Date): Promise<Order> {
      const firestore = await database();
      const place = await reference(orderId);
      return firestore.runTransaction(async (transaction) => {
        const order = orderDocument.read(await transaction.get(place));
        if (order.fulfillmentStatus !== "reserved") return order;
        const changes = { fulfillmentStatus: moved(order, "processing"), updatedAt: now };
        orderDocument.update(transaction, place, changes);
        return { ...order, fulfillmentStatus: "processing" };
      });
    },

    /** Books a payment, once; see `settlePayment`. */
    settle: (
      orderId: string,
      facts: PaymentFacts,
      now: Date,
      to?: PaidDelivery,
    ): Promise<SettledPayment> => settlePayment(database, orderId, facts, now, to),

    /** Marks all follow-up steps of a payment as complete. */
    async settled(orderId: string): Promise<void> {
      await orderDocument.updateNow(await reference(orderId), { isSettling: false });
    },

    /** Whether follow-up steps of an order's payment are incomplete, or its bank has not answered. */
    async isUnsettled(orderId: string): Promise<boolean> {
      const snapshot = await (await reference(orderId)).get();
      const { fulfillmentStatus, isSettling } = readSettling(snapshot);
      return fulfillmentStatus === "processing" || isSettling === true;
    },

    /** Ids of orders with unfinished payments of this kind, ordered by id, after `after`, at most `limit`. */
    async unsettled(
      kind: UnsettledPayment,
      after: string | undefined,
      limit: number,
    ): Promise<string[]> {
      const orders = orderDocument.all(await database());
      const ofKind =
        kind === "settling"
          ? orders.where("is_settling", "==", true)
          : orders.where("fulfillment_status", "==", "processing");
      return idsBehind(ofKind, after, limit);
    },
  };
}
