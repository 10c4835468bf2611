import { createHash } from "node:crypto";
import type {
  CollectionReference,
  DocumentSnapshot,
  Firestore,
  QueryDocumentSnapshot,
} from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import type { Drop } from "../domain/drop.ts";
import { feeOf } from "../domain/money.ts";
import { isReserved, moved, type Order } from "../domain/order.ts";
import { createDocument, parseDocument } from "./document.ts";
import { toDrop } from "./drops.ts";
import { toOrder } from "./order-document.ts";

/** Someone presses Buy Now. */
export interface Reservation {
  /** The order's id to be: the press's, so that a repeat finds it. */
  readonly orderId: string;
  readonly dropId: string;
  readonly buyerId: string;
  /** The platform's part in basis points. */
  readonly feeBps: number;
  readonly now: Date;
  /** When its first Checkout Session is to end. */
  readonly expiresAt: Date;
}

/** A reserved unit, one the buyer holds already, or why there is none. */
export type ReservationResult =
  | { readonly outcome: "reserved"; readonly order: Order }
  | { readonly outcome: "not-found" | "closed" | "sold-out" | "own-drop" }
  | { readonly outcome: "limit"; readonly limit: number };

/** Units looked at in one try; the one to take is drawn among them. */
const CANDIDATES = 10;
/** Each lost try means that someone else got a unit; with 400 units this is far out of reach. */
const MAX_TRIES = 60;
/** gRPC: ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED. https://grpc.io/docs/guides/status-codes/ */
const CONFLICTS: ReadonlySet<unknown> = new Set([6, 9, 10]);

const buyerDocument = z.object({ order_ids: z.array(z.string()) });

export type Reservations = ReturnType<typeof createReservations>;

/**
 * Units taken and given back. Each unit is a document; taking one is a single commit of order, unit
 * and the buyer's own document, each with a precondition, so that no unit is in two orders and
 * nobody has more than the limit, whoever else presses at the same time.
 */
export function createReservations(database: Database) {
  return {
    /** Reserves a unit. The same order id again, or a buyer who holds one unpaid, gets that order. */
    async reserve(request: Reservation): Promise<ReservationResult> {
      const firestore = await database();
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await tryToReserve(firestore, request, attempt);
        } catch (error) {
          if (!CONFLICTS.has((error as { code?: unknown }).code) || attempt === MAX_TRIES) {
            throw error;
          }
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
  const [known, dropSnapshot, buyer] = await firestore.getAll(
    orders.doc(orderId),
    dropReference,
    buyerReference,
  );
  if (known?.exists) return { outcome: "reserved", order: toOrder(known) };
  if (!dropSnapshot?.exists || !buyer) return { outcome: "not-found" };
  const drop = toDrop(dropSnapshot);
  if (drop.builderId === buyerId) return { outcome: "own-drop" };

  const orderIds = orderIdsOf(buyer);
  const held = await heldAmong(firestore, orderIds);
  if (held) return { outcome: "reserved", order: held };
  if (drop.isClosed) return { outcome: "closed" };
  if (orderIds.length >= drop.limitPerBuyer) return { outcome: "limit", limit: drop.limitPerBuyer };

  const unit = await drawUnit(dropReference.collection("units"), drop, `${orderId}:${attempt}`);
  if (!unit) return { outcome: "sold-out" };

  const batch = firestore.batch();
  createDocument(batch, orders.doc(orderId), orderFields(request, drop, Number(unit.id)));
  batch.update(
    unit.ref,
    { state: "reserved", order_id: orderId },
    { lastUpdateTime: unit.updateTime },
  );
  const bought = { order_ids: [...orderIds, orderId] };
  if (buyer.exists && buyer.updateTime) {
    batch.update(buyerReference, bought, { lastUpdateTime: buyer.updateTime });
  } else {
    createDocument(batch, buyerReference, bought);
  }
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
      fee: feeOf(price, reservation.feeBps),
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

async function heldAmong(firestore: Firestore, orderIds: readonly string[]) {
  if (orderIds.length === 0) return undefined;
  const references = orderIds.map((id) => firestore.collection("orders").doc(id));
  const snapshots = await firestore.getAll(...references);
  return snapshots
    .filter(({ exists }) => exists)
    .map(toOrder)
    .find(isReserved);
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
