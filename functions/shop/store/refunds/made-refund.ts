import type { Database, Firestore, Transaction } from "../../../../shared/ports/database.ts";
import { setDeadlines } from "../../../shipping/store/deadlines.ts";
import { planLeaving } from "../../../shipping/store/parcels.ts";
import { dropBuyerDocument } from "../../documents/drop-buyer.ts";
import { orderDocument } from "../../documents/order.ts";
import { refundDocument } from "../../documents/refund.ts";
import type { Order } from "../../domain/order.ts";
import { bookRefund, type MadeRefund, type Refund } from "../../domain/refund.ts";
import { planBuilderPart } from "../builder-part.ts";
import { placesOf, without } from "../reservations.ts";
import { debtId } from "./debt-document.ts";

/** A refund that is booked, and the id of what the builder owes for it, if they do. */
export interface BookedRefund {
  readonly order: Order;
  readonly refund: Refund;
  readonly debtId: string;
}

/** Books money that has gone back, once for each id, and what the builder owes for it. */
export async function bookMade(
  database: Database,
  orderId: string,
  made: MadeRefund,
  now: Date,
): Promise<BookedRefund> {
  const firestore = await database();
  const place = orderDocument.place(firestore, orderId);
  const refundPlace = refundDocument.place(firestore, orderId, made.id);
  return firestore.runTransaction(async (transaction): Promise<BookedRefund> => {
    const order = orderDocument.read(await transaction.get(place));
    const known = await transaction.get(refundPlace);
    const before = known.exists ? refundDocument.read(known) : undefined;
    const { payment } = order;
    if (!payment) throw new Error(`Order ${orderId} was not paid here.`);
    const { paidOutside } = made;
    if (before?.state === "made" || (before?.state === "closed" && paidOutside)) {
      return { order, refund: before, debtId: debtId(orderId, made.id) };
    }
    const others = await openOf(firestore, transaction, order, made.id);
    const { refund, cuts, changed, status, restock, isWhole, isLeaving } = bookRefund(
      { order, payment, before, others },
      made,
    );
    const leave = isLeaving
      ? await leavingBuyer(firestore, transaction, order, restock)
      : undefined;
    const parcel = isWhole ? await leavingParcel(firestore, transaction, order, now) : undefined;
    const part = await planBuilderPart(firestore, transaction, order, {
      payment: changed,
      cause: made.id,
      now,
    });
    const why = paidOutside && closedFields(paidOutside.reason, now);
    const fields = { ...refund, createdAt: now, ...why };
    if (known.exists) refundDocument.update(transaction, refundPlace, fields);
    else refundDocument.create(transaction, refundPlace, fields);
    for (const cut of cuts) {
      refundDocument.update(transaction, refundDocument.place(firestore, orderId, cut.id), cut);
    }
    const { refunded, refundRequested, refundRequestedShipping, openRefunds } = changed;
    const { disputes, hold } = changed;
    const sums = { refunded, refundRequested, refundRequestedShipping, openRefunds };
    orderDocument.update(transaction, place, {
      payment: { ...sums, disputes, ...(hold !== payment.hold && { hold }), ...part.changes },
      hasOpenRefunds: openRefunds.length > 0,
      fulfillmentStatus: status,
      ...parcel?.changes,
      updatedAt: now,
    });
    parcel?.apply();
    leave?.();
    part.apply();
    const after = { ...order, fulfillmentStatus: status, payment: part.payment };
    return { order: after, refund, debtId: debtId(orderId, made.id) };
  });
}

/** Why staff closed a refund, for the record. */
export function closedFields(reason: string, now: Date) {
  return { closedReason: reason, closedAt: now };
}

/** The other refunds of an order that are decided and not made. */
export async function openOf(
  firestore: Firestore,
  transaction: Transaction,
  { id: orderId, payment }: Order,
  except: string,
): Promise<Refund[]> {
  const refunds: Refund[] = [];
  for (const id of payment?.openRefunds ?? []) {
    if (id === except) continue;
    const place = refundDocument.place(firestore, orderId, id);
    refunds.push(refundDocument.read(await transaction.get(place)));
  }
  return refunds.filter(({ state }) => state === "requested");
}

/**
 * Plans what a full refund does to the order's parcel: the order leaves one that is still open. What was sent may have
 * been reported: its case is over. Reads immediately; `apply` writes.
 */
async function leavingParcel(
  firestore: Firestore,
  transaction: Transaction,
  { id: orderId, parcel }: Order,
  now: Date,
) {
  if (!parcel) return undefined;
  const leaving = { parcelId: parcel.id, orderId };
  const unpack =
    parcel.state === "open" ? await planLeaving(firestore, transaction, leaving, now) : undefined;
  if (unpack)
    return { changes: { parcel: { ...parcel, state: "canceled" as const } }, apply: unpack };
  const due = { kind: "case-refunded", subjectId: orderId, version: 1, dueAt: now } as const;
  return { changes: {}, apply: () => setDeadlines(firestore, transaction, [due]) };
}

/**
 * Plans the end of a fully refunded purchase: its units no longer count towards the buyer's limit, and all of them are
 * for sale again if `restock` is set. Reads immediately; the returned function writes.
 */
async function leavingBuyer(
  firestore: Firestore,
  transaction: Transaction,
  order: Order,
  restock: boolean,
): Promise<(() => void) | undefined> {
  const places = placesOf(firestore, order);
  if (!places || !order.payment?.paidAt) return undefined;
  const buyer = await transaction.get(places.buyer);
  return () => {
    if (restock) places.free(transaction);
    const orderIds = without(buyer, order.id);
    dropBuyerDocument.update(transaction, places.buyer, { orderIds });
  };
}
