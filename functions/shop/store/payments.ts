import { idsBehind } from "../../../shared/documents/ids-behind.ts";
import type { Database, Firestore, Transaction } from "../../../shared/ports/database.ts";
import { dropBuyerDocument } from "../documents/drop-buyer.ts";
import { dropUnitDocument } from "../documents/drop-unit.ts";
import { orderDocument } from "../documents/order.ts";
import { isReserved, moved, type Order } from "../domain/order.ts";
import { orderIdsOf, placesOf } from "./reservations.ts";

/** A payment as Stripe has it. */
export interface PaymentFacts {
  readonly paymentIntentId: string;
  readonly chargeId: string;
  readonly paidAt: Date;
}

/**
 * What a payment means for its order. `paid`: now or before, by this payment. `unit-gone`: its
 * reservation had ended and no unit was free. `paid-twice`: by another payment.
 */
export interface SettledPayment {
  readonly outcome: "paid" | "unit-gone" | "paid-twice";
  readonly order: Order;
}

/** Payments that are not done with: our part is missing, or the bank's. */
export type UnsettledPayment = "settling" | "processing";

/** Held money waits so long for a proof of work. */
export const HELD_DAYS = 14;
const DAY_MS = 24 * 3_600_000;

const readSettling = orderDocument.part("fulfillmentStatus", "isSettling");

export type Payments = ReturnType<typeof createPayments>;

/** Payments in the `orders` collection, from the Checkout Session to the money's arrival. */
export function createPayments(database: Database) {
  const reference = async (orderId: string) => orderDocument.place(await database(), orderId);

  return {
    /**
     * Remembers the page where a reserved order is paid, and gives the order as it is then. Its first
     * page stays; of an attempt or a reservation that is over nothing is kept.
     */
    async recordSession(
      orderId: string,
      { attempt, sessionId, url }: { attempt: number; sessionId: string; url: string },
    ): Promise<Order> {
      const firestore = await database();
      const place = await reference(orderId);
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
     * Starts over with another Checkout Session, and gives the order: as others have made it, if they
     * were quicker; as it is, if it has a page or is over.
     */
    async nextAttempt(orderId: string, after: number, expiresAt: Date): Promise<Order> {
      const firestore = await database();
      const place = await reference(orderId);
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

    /** The buyer has done their part and their bank takes days: the unit stays theirs. */
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

    /**
     * Books a payment: the unit is sold, and the builder's part is held for them. A payment whose
     * reservation has ended takes another free unit where there is one. Booking it again answers as the first
     * time.
     */
    async settle(orderId: string, facts: PaymentFacts, now: Date): Promise<SettledPayment> {
      const firestore = await database();
      const place = await reference(orderId);
      return firestore.runTransaction(async (transaction): Promise<SettledPayment> => {
        const order = orderDocument.read(await transaction.get(place));
        const { payment } = order;
        if (!payment) throw new Error(`Order ${orderId} has no payment to settle.`);
        if (payment.paymentIntentId && payment.paymentIntentId !== facts.paymentIntentId) {
          return { outcome: "paid-twice", order };
        }
        if (payment.paidAt) return { outcome: "paid", order };
        if (payment.paymentIntentId) return { outcome: "unit-gone", order };

        const unit = await unitFor(firestore, transaction, order);
        const { paymentIntentId, chargeId, paidAt } = facts;
        const ids = { paymentIntentId, chargeId };
        if (unit === "gone") {
          const changes = { payment: ids, isSettling: true, updatedAt: now };
          orderDocument.update(transaction, place, changes);
          return { outcome: "unit-gone", order };
        }
        // Not from the charge's own time: a bank debit is charged days before it is paid.
        const heldUntil =
          payment.plan === "held" ? new Date(now.getTime() + HELD_DAYS * DAY_MS) : undefined;
        orderDocument.update(transaction, place, {
          payment: { ...ids, hold: "held", paidAt, ...(heldUntil && { heldUntil }) },
          ...(heldUntil && { holdEndsAt: heldUntil }),
          fulfillmentStatus: moved(order, "paid"),
          isSettling: true,
          updatedAt: now,
          ...(unit && { unit: unit.number }),
        });
        unit?.apply();
        const after = { ...payment, ...facts, hold: "held" as const, heldUntil };
        return { outcome: "paid", order: { ...order, fulfillmentStatus: "paid", payment: after } };
      });
    },

    /** Everything that follows from a payment is done. */
    async settled(orderId: string): Promise<void> {
      await orderDocument.updateNow(await reference(orderId), { isSettling: false });
    },

    /** Whether something is left to do after an order's payment, or its bank has not answered. */
    async isUnsettled(orderId: string): Promise<boolean> {
      const snapshot = await (await reference(orderId)).get();
      const { fulfillmentStatus, isSettling } = readSettling(snapshot);
      return fulfillmentStatus === "processing" || isSettling === true;
    },

    /**
     * Orders with something left to do after their payment, or paid through a bank that has not answered. By
     * id, from behind `after` on, at most `limit`.
     */
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

/** The unit a payment buys: the order's own while it is reserved, else any that is free. */
async function unitFor(firestore: Firestore, transaction: Transaction, order: Order) {
  const places = placesOf(firestore, order);
  const isStillReserved = ["reserved", "processing"].includes(order.fulfillmentStatus);
  // What was won in an auction went to the next bidder.
  if (!places) return order.auctionId && !isStillReserved ? "gone" : undefined;
  if (isStillReserved) {
    return {
      number: order.unit,
      apply: () => dropUnitDocument.update(transaction, places.unit, { state: "sold" }),
    };
  }
  const free = await transaction.get(places.units.where("state", "==", "free").limit(1));
  const [unit] = free.docs;
  if (!unit) return "gone";
  const buyer = await transaction.get(places.buyer);
  return {
    number: Number(unit.id),
    apply: () => {
      dropUnitDocument.update(transaction, unit.ref, { state: "sold", orderId: order.id });
      const orderIds = [...orderIdsOf(buyer), order.id];
      dropBuyerDocument.set(transaction, places.buyer, { orderIds });
    },
  };
}
