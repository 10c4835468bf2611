import { createHash } from "node:crypto";
import * as z from "zod/mini";
import {
  createDocument,
  isConflict,
  parseDocument,
  stored,
} from "../../../shared/documents/document.ts";
import { type Admission, MAX_OPEN_RESERVATIONS } from "../../../shared/limits/limits.ts";
import { type FeeTerms, feeOf } from "../../../shared/money/money.ts";
import type {
  CollectionReference,
  Database,
  DocumentSnapshot,
  Firestore,
  QueryDocumentSnapshot,
  WriteBatch,
} from "../../../shared/ports/database.ts";
import type { Drop } from "../domain/drop.ts";
import { holdsUnpaidUnit, isReserved, moved, type Order } from "../domain/order.ts";
import { toDrop } from "./drops.ts";
import { toOrder } from "./order-document.ts";

/** Someone presses Buy Now. */
export interface Reservation {
  /** The order's id to be: the press's, so that a repeat finds it. */
  readonly orderId: string;
  readonly dropId: string;
  readonly buyerId: string;
  /** The platform's part in basis points. */
  readonly feeTerms: FeeTerms;
  readonly now: Date;
  /** When its first Checkout Session is to end. */
  readonly expiresAt: Date;
  /** Whether this buyer may take another unit; asked once, and only when there is one to take. */
  admit(): Promise<Admission>;
}

/** A reserved unit, one the buyer holds already, or why there is none. */
export type ReservationResult =
  | { readonly outcome: "reserved"; readonly order: Order }
  | { readonly outcome: "not-found" | "closed" | "sold-out" | "own-drop" }
  | { readonly outcome: "limit"; readonly limit: number }
  /** They hold as many unpaid units as one person may; room comes at that time, or when a bank says. */
  | { readonly outcome: "too-many-open"; readonly retryAt: Date | undefined }
  | { readonly outcome: "not-admitted"; readonly retryAt: Date | undefined };

/** Units looked at in one try; the one to take is drawn among them. */
const CANDIDATES = 10;
/** Each lost try means that someone else got a unit; with 400 units this is far out of reach. */
const MAX_TRIES = 60;

const buyerDocument = z.object({ order_ids: z.array(z.string()) });
const userDocument = z.object({ open_order_ids: stored(z.array(z.string())) });

export type Reservations = ReturnType<typeof createReservations>;

/**
 * Units taken and given back. Each unit is a document; taking one is a single commit of order, unit
 * and the buyer's own documents, each with a precondition, so that no unit is in two orders and
 * nobody has more than the limit, whoever else presses at the same time.
 *
 * How many unpaid units someone holds over all drops is counted there too, in `users/…`: two presses at
 * once, on two drops, both write that document, so one of them finds the other's order. The document
 * names orders, and the orders say whether they are still open: nothing has to be written when one ends.
 */
export function createReservations(database: Database) {
  return {
    /** Reserves a unit. The same order id again, or a buyer who holds one unpaid, gets that order. */
    async reserve(request: Reservation): Promise<ReservationResult> {
      const firestore = await database();
      let admission: Promise<Admission> | undefined;
      const admit = () => {
        admission ??= request.admit();
        return admission;
      };
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await tryToReserve(firestore, { ...request, admit }, attempt);
        } catch (error) {
          if (!isConflict(error) || attempt === MAX_TRIES) throw error;
        }
      }
    },

    /**
     * Ends a reservation and frees its unit, once: true when this call did. `sessionId`, where
     * given, must be the order's own, else nothing happens: an unused session ended. Null: it must
     * have none.
     */
    async giveBack(
      orderId: string,
      to: "expired" | "cancelled",
      now: Date,
      sessionId?: string | null,
    ): Promise<boolean> {
      const firestore = await database();
      const reference = firestore.collection("orders").doc(orderId);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        if (!snapshot.exists) return false;
        const order = toOrder(snapshot);
        const isPending = isReserved(order) || order.fulfillmentStatus === "processing";
        const known = order.payment?.checkout.sessionId ?? null;
        const isOther = sessionId !== undefined && sessionId !== known;
        if (!isPending || isOther) return false;
        const places = placesOf(firestore, order);
        const buyer = places && (await transaction.get(places.buyer));
        transaction.update(reference, { fulfillment_status: moved(order, to), updated_at: now });
        if (places && buyer) {
          transaction.update(places.unit, { state: "free", order_id: null });
          transaction.update(places.buyer, { order_ids: without(buyer, orderId) });
        }
        return true;
      });
    },
  };
}

/** Where an order's unit and its buyer's document are; undefined when it is from no drop. */
export function placesOf(firestore: Firestore, order: Pick<Order, "dropId" | "unit" | "buyerId">) {
  if (!order.dropId || order.unit === undefined) return undefined;
  const drop = firestore.collection("inventory").doc(order.dropId);
  return {
    units: drop.collection("units"),
    unit: drop.collection("units").doc(String(order.unit)),
    buyer: drop.collection("buyers").doc(order.buyerId),
  };
}

/** The orders a buyer has of a drop, by the buyer's document, without one. */
export function without(buyer: DocumentSnapshot, orderId: string): string[] {
  return orderIdsOf(buyer).filter((id) => id !== orderId);
}

/** The orders a buyer has of a drop, by the buyer's document. */
export function orderIdsOf(buyer: DocumentSnapshot): string[] {
  if (!buyer.exists) return [];
  return parseDocument(buyer.ref.path, buyerDocument, buyer.data()).order_ids;
}

async function tryToReserve(
  firestore: Firestore,
  request: Reservation,
  attempt: number,
): Promise<ReservationResult> {
  const { orderId, dropId, buyerId, now } = request;
  const orders = firestore.collection("orders");
  const dropReference = firestore.collection("inventory").doc(dropId);
  const buyerReference = dropReference.collection("buyers").doc(buyerId);
  const userReference = firestore.collection("users").doc(buyerId);
  const [known, dropSnapshot, buyer, user] = await firestore.getAll(
    orders.doc(orderId),
    dropReference,
    buyerReference,
    userReference,
  );
  if (known?.exists) return { outcome: "reserved", order: toOrder(known) };
  if (!dropSnapshot?.exists || !buyer || !user) return { outcome: "not-found" };
  const drop = toDrop(dropSnapshot);
  if (drop.builderId === buyerId) return { outcome: "own-drop" };

  const orderIds = orderIdsOf(buyer);
  const held = (await ordersOf(firestore, orderIds)).find(isReserved);
  if (held) return { outcome: "reserved", order: held };
  if (drop.isClosed) return { outcome: "closed" };
  if (orderIds.length >= drop.limitPerBuyer) return { outcome: "limit", limit: drop.limitPerBuyer };

  const unit = await drawUnit(dropReference.collection("units"), drop, `${orderId}:${attempt}`);
  if (!unit) return { outcome: "sold-out" };
  const open = (await ordersOf(firestore, openOrderIdsOf(user))).filter(holdsUnpaidUnit);
  if (open.length >= MAX_OPEN_RESERVATIONS) {
    return { outcome: "too-many-open", retryAt: firstEndOf(open) };
  }
  const admission = await request.admit();
  if (!admission.isAllowed) return { outcome: "not-admitted", retryAt: admission.retryAt };

  const batch = firestore.batch();
  createDocument(batch, orders.doc(orderId), orderFields(request, drop, Number(unit.id)));
  batch.update(
    unit.ref,
    { state: "reserved", order_id: orderId },
    { lastUpdateTime: unit.updateTime },
  );
  putUnlessChanged(batch, buyer, { order_ids: [...orderIds, orderId] });
  putUnlessChanged(batch, user, { open_order_ids: [...open.map(({ id }) => id), orderId] });
  await batch.commit();
  const created = await orders.doc(orderId).get();
  return { outcome: "reserved", order: toOrder(created) };

  function orderFields(reservation: Reservation, { price, ...terms }: Drop, number: number) {
    return {
      buyer_id: buyerId,
      builder_id: terms.builderId,
      title: terms.title,
      drop_id: dropId,
      unit: number,
      fulfillment_status: "reserved",
      amount: price,
      fee: feeOf(price, reservation.feeTerms),
      currency: terms.currency,
      plan: terms.plan,
      checkout_attempt: 1,
      checkout_expires_at: reservation.expiresAt,
      refund_requested: 0,
      refunded: 0,
      created_at: now,
      updated_at: now,
    };
  }
}

/** Writes fields of a document as it was read, or makes it; the commit fails if someone else has. */
function putUnlessChanged(batch: WriteBatch, read: DocumentSnapshot, fields: object): void {
  if (read.exists && read.updateTime) {
    batch.update(read.ref, { ...fields }, { lastUpdateTime: read.updateTime });
  } else {
    createDocument(batch, read.ref, fields);
  }
}

async function ordersOf(firestore: Firestore, orderIds: readonly string[]): Promise<Order[]> {
  if (orderIds.length === 0) return [];
  const references = orderIds.map((id) => firestore.collection("orders").doc(id));
  const snapshots = await firestore.getAll(...references);
  return snapshots.filter(({ exists }) => exists).map(toOrder);
}

/** The orders that were open when their buyer last reserved something. */
function openOrderIdsOf(user: DocumentSnapshot): readonly string[] {
  return parseDocument(user.ref.path, userDocument, user.data() ?? {}).open_order_ids ?? [];
}

/** When the first of these reservations ends unpaid; undefined where only banks can say. */
function firstEndOf(open: readonly Order[]): Date | undefined {
  const ends = open.filter(isReserved).flatMap((order) => order.payment?.checkout.expiresAt ?? []);
  return ends.toSorted((one, other) => one.getTime() - other.getTime())[0];
}

/**
 * A free unit, drawn so that buyers at the same moment look at different ones: from a place in the
 * series that depends on the press, one of the next ten.
 */
async function drawUnit(
  units: CollectionReference,
  drop: Drop,
  seed: string,
): Promise<QueryDocumentSnapshot | undefined> {
  const random = createHash("sha256").update(seed).digest();
  const from = 1 + (random.readUInt32BE(0) % drop.stock);
  const free = units.where("state", "==", "free");
  let found = await free.where("number", ">=", from).orderBy("number").limit(CANDIDATES).get();
  if (found.empty) {
    found = await free.where("number", "<", from).orderBy("number").limit(CANDIDATES).get();
  }
  return found.docs[random.readUInt32BE(4) % Math.max(1, found.size)];
}
