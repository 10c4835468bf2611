import type { Database, Firestore, Transaction } from "../../../../shared/ports/database.ts";
import { type ParcelPlan, planParcel } from "../../../shipping/store/parcels.ts";
import { dropBuyerDocument } from "../../documents/drop-buyer.ts";
import { dropUnitDocument } from "../../documents/drop-unit.ts";
import { orderDocument } from "../../documents/order.ts";
import { HELD_DAYS, moved, type Order, quantityOf } from "../../domain/order.ts";
import { orderIdsOf, placesOf } from "../reservations.ts";

/** A payment as Stripe reports it. */
export interface PaymentFacts {
  readonly paymentIntentId: string;
  readonly chargeId: string;
  readonly paidAt: Date;
  /** All that was charged, with the tax. Minor units. */
  readonly amount: number;
  readonly tax: number;
  /** What of the amount is for shipping, without the tax on it. */
  readonly shipping: number;
  readonly shippingTax: number;
}

/** Where a paid order is sent. */
export interface PaidDelivery extends ParcelPlan {
  /** The country, or "pickup". */
  readonly destination: string;
}

/**
 * The outcome of a payment for its order. `paid`: this payment is booked, now or earlier. `unit-gone`: the
 * reservation had ended and too few units were free. `paid-twice`: another payment is booked.
 * `outdated`: nothing is booked, because another parcel was opened for the buyer since this one's was sought.
 */
export interface SettledPayment {
  readonly outcome: "paid" | "unit-gone" | "paid-twice" | "outdated";
  readonly order: Order;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Books a payment: the units are sold, and the builder's part is held. A payment whose reservation has ended gets
 * other free units if there are as many. The order goes into its parcel. Idempotent: the same payment returns the same
 * outcome.
 */
export async function settlePayment(
  database: Database,
  orderId: string,
  facts: PaymentFacts,
  now: Date,
  to?: PaidDelivery,
): Promise<SettledPayment> {
  const firestore = await database();
  const place = orderDocument.place(firestore, orderId);
  return firestore.runTransaction(async (transaction): Promise<SettledPayment> => {
    const order = orderDocument.read(await transaction.get(place));
    const { payment } = order;
    if (!payment) throw new Error(`Order ${orderId} has no payment to settle.`);
    if (payment.paymentIntentId && payment.paymentIntentId !== facts.paymentIntentId) {
      return { outcome: "paid-twice", order };
    }
    if (payment.paidAt) return { outcome: "paid", order };
    if (payment.paymentIntentId) return { outcome: "unit-gone", order };

    const units = await unitsFor(firestore, transaction, order);
    const { paidAt, ...charged } = facts;
    const charge = chargeFields(charged);
    if (units === "gone") {
      const changes = { payment: charge, isSettling: true, updatedAt: now };
      orderDocument.update(transaction, place, changes);
      return { outcome: "unit-gone", order };
    }
    const parcel = to && (await planParcelOf(firestore, transaction, order, to, now));
    if (parcel === "outdated") return { outcome: "outdated", order };
    // The charge's time is not used because a bank debit is charged days before it is paid.
    const heldUntil =
      payment.plan === "held" ? new Date(now.getTime() + HELD_DAYS * DAY_MS) : undefined;
    orderDocument.update(transaction, place, {
      payment: { ...charge, hold: "held", paidAt, ...(heldUntil && { heldUntil }) },
      ...(heldUntil && { holdEndsAt: heldUntil }),
      fulfillmentStatus: moved(order, "paid"),
      isSettling: true,
      updatedAt: now,
      ...units?.changes,
      ...parcel?.changes,
    });
    units?.apply();
    parcel?.apply();
    const after = { ...payment, ...charge, paidAt, hold: "held" as const, heldUntil };
    const paid = {
      ...order,
      ...units?.changes,
      ...parcel?.changes,
      fulfillmentStatus: "paid",
      payment: after,
    };
    return { outcome: "paid", order: paid };
  });
}

/** What Stripe has charged, as an order stores it. */
function chargeFields({
  paymentIntentId,
  chargeId,
  amount,
  tax,
  shipping,
  shippingTax,
}: Omit<PaymentFacts, "paidAt">) {
  return { paymentIntentId, chargeId, amount, tax, shipping, shippingTax };
}

/** The parcel that a paid order goes into; undefined where it is not shipped. Reads immediately; `apply` writes. */
async function planParcelOf(
  firestore: Firestore,
  transaction: Transaction,
  order: Order,
  { destination, ...plan }: PaidDelivery,
  now: Date,
) {
  const { id: orderId, buyerId, builderId, delivery } = order;
  if (!delivery) return undefined;
  const { dispatchDays, bundleHours } = delivery;
  const shipped = {
    orderId,
    buyerId,
    builderId,
    quantity: quantityOf(order),
    destination,
    dispatchDays,
    bundleHours,
  };
  const planned = await planParcel(firestore, transaction, shipped, plan, now);
  if (planned === "outdated") return planned;
  const { parcelId, apply } = planned;
  const changes = { destination, parcel: { id: parcelId, state: "open" as const } };
  return { changes, apply };
}

/** The units that a payment buys: the order's own while they are reserved, otherwise any free ones. */
async function unitsFor(firestore: Firestore, transaction: Transaction, order: Order) {
  const places = placesOf(firestore, order);
  const isStillReserved = ["reserved", "processing"].includes(order.fulfillmentStatus);
  // The auction's unit went to the next bidder.
  if (!places) return order.auctionId && !isStillReserved ? "gone" : undefined;
  if (isStillReserved) {
    const apply = () => {
      for (const unit of places.own) dropUnitDocument.update(transaction, unit, { state: "sold" });
    };
    return { changes: {}, apply };
  }
  const quantity = quantityOf(order);
  const free = places.units.where("state", "==", "free").limit(quantity);
  const { docs } = await transaction.get(free);
  const [unit, ...moreUnits] = docs.map(({ id }) => Number(id));
  if (docs.length < quantity) return "gone";
  const buyer = await transaction.get(places.buyer);
  return {
    changes: { unit, moreUnits },
    apply: () => {
      for (const { ref } of docs) {
        dropUnitDocument.update(transaction, ref, { state: "sold", orderId: order.id });
      }
      const orderIds = [...orderIdsOf(buyer), order.id];
      dropBuyerDocument.set(transaction, places.buyer, { orderIds });
    },
  };
}
