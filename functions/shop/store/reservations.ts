import { createHash } from "node:crypto";
import { isConflict } from "../../../shared/documents/define-document.ts";
import { userDocument } from "../../../shared/documents/definitions/user.ts";
import { type Admission, MAX_OPEN_RESERVATIONS } from "../../../shared/limits/limits.ts";
import { type FeeTerms, feeOf } from "../../../shared/money/money.ts";
import type {
  CollectionReference,
  Database,
  DocumentSnapshot,
  Firestore,
  QueryDocumentSnapshot,
} from "../../../shared/ports/database.ts";
import { dropDocument } from "../documents/drop.ts";
import { dropBuyerDocument } from "../documents/drop-buyer.ts";
import { dropUnitDocument } from "../documents/drop-unit.ts";
import { orderDocument, reservedOrder } from "../documents/order.ts";
import { type Drop, isHidden } from "../domain/drop.ts";
import { holdsUnpaidUnit, isReserved, moved, type Order } from "../domain/order.ts";
import { toDrop } from "./drops.ts";

/** Someone presses Buy Now. */
export interface Reservation {
  /** The order's id to be: the press's, so that a repeat finds it. */
  readonly orderId: string;
  readonly dropId: string;
  readonly buyerId: string;
  /** The platform's part in basis points. */
  readonly feeTerms: FeeTerms;
  /** How it is delivered, and what that costs; neither where it is not shipped. */
  readonly delivery?: Order["delivery"];
  readonly shipping?: number;
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

const readOpenOrders = userDocument.part("openOrderIds");

export type Reservations = ReturnType<typeof createReservations>;

/**
 * Units taken and given back. Each unit is a document; taking one is a single commit of order, unit
 * and the buyer's own documents, each with a precondition, so that no unit is in two orders and
 * nobody has more than the limit, however many press at the same time.
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
      const reference = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        if (!snapshot.exists) return false;
        const order = orderDocument.read(snapshot);
        const isPending = isReserved(order) || order.fulfillmentStatus === "processing";
        const known = order.payment?.checkout.sessionId ?? null;
        const isOther = sessionId !== undefined && sessionId !== known;
        if (!isPending || isOther) return false;
        const places = placesOf(firestore, order);
        const buyer = places && (await transaction.get(places.buyer));
        const changes = { fulfillmentStatus: moved(order, to), updatedAt: now };
        orderDocument.update(transaction, reference, changes);
        if (places && buyer) {
          dropUnitDocument.update(transaction, places.unit, { state: "free", orderId: undefined });
          const orderIds = without(buyer, orderId);
          dropBuyerDocument.update(transaction, places.buyer, { orderIds });
        }
        return true;
      });
    },
  };
}

/** Where an order's unit and its buyer's document are; undefined when it is from no drop. */
export function placesOf(firestore: Firestore, order: Pick<Order, "dropId" | "unit" | "buyerId">) {
  if (!order.dropId || order.unit === undefined) return undefined;
  const { dropId, unit, buyerId } = order;
  return {
    units: dropUnitDocument.all(firestore, dropId),
    unit: dropUnitDocument.place(firestore, dropId, String(unit)),
    buyer: dropBuyerDocument.place(firestore, dropId, buyerId),
  };
}

/** The orders a buyer has of a drop, by the buyer's document, without one. */
export function without(buyer: DocumentSnapshot, orderId: string): string[] {
  return orderIdsOf(buyer).filter((id) => id !== orderId);
}

/** The orders a buyer has of a drop, by the buyer's document. */
export function orderIdsOf(buyer: DocumentSnapshot): string[] {
  return buyer.exists ? [...dropBuyerDocument.read(buyer).orderIds] : [];
}

async function tryToReserve(
  firestore: Firestore,
  request: Reservation,
  attempt: number,
): Promise<ReservationResult> {
  const { orderId, dropId, buyerId, now } = request;
  const place = orderDocument.place(firestore, orderId);
  const [known, dropSnapshot, buyer, user] = await firestore.getAll(
    place,
    dropDocument.place(firestore, dropId),
    dropBuyerDocument.place(firestore, dropId, buyerId),
    userDocument.place(firestore, buyerId),
  );
  if (known?.exists) return { outcome: "reserved", order: orderDocument.read(known) };
  if (!dropSnapshot?.exists || !buyer || !user) return { outcome: "not-found" };
  const drop = toDrop(dropSnapshot);
  if (isHidden(drop)) return { outcome: "not-found" };
  if (drop.builderId === buyerId) return { outcome: "own-drop" };

  const orderIds = orderIdsOf(buyer);
  const held = (await ordersOf(firestore, orderIds)).find(isReserved);
  if (held) return { outcome: "reserved", order: held };
  if (drop.isClosed) return { outcome: "closed" };
  if (orderIds.length >= drop.limitPerBuyer) return { outcome: "limit", limit: drop.limitPerBuyer };

  const units = dropUnitDocument.all(firestore, dropId);
  const unit = await drawUnit(units, drop, `${orderId}:${attempt}`);
  if (!unit) return { outcome: "sold-out" };
  const open = (await ordersOf(firestore, openOrderIdsOf(user))).filter(holdsUnpaidUnit);
  if (open.length >= MAX_OPEN_RESERVATIONS) {
    return { outcome: "too-many-open", retryAt: firstEndOf(open) };
  }
  const admission = await request.admit();
  if (!admission.isAllowed) return { outcome: "not-admitted", retryAt: admission.retryAt };

  const batch = firestore.batch();
  const order = {
    buyerId,
    builderId: drop.builderId,
    title: drop.title,
    dropId,
    unit: Number(unit.id),
    amount: drop.price + (request.shipping ?? 0),
    shipping: request.shipping ?? 0,
    delivery: request.delivery,
    fee: feeOf(drop.price, request.feeTerms),
    currency: drop.currency,
    plan: drop.plan,
    expiresAt: request.expiresAt,
    now,
  };
  orderDocument.create(batch, place, reservedOrder(order));
  const taken = { state: "reserved", orderId } as const;
  dropUnitDocument.update(batch, unit.ref, taken, { lastUpdateTime: unit.updateTime });
  dropBuyerDocument.put(batch, buyer, { orderIds: [...orderIds, orderId] });
  const openOrderIds = [...open.map(({ id }) => id), orderId];
  userDocument.put(batch, user, { openOrderIds });
  await batch.commit();
  return { outcome: "reserved", order: orderDocument.read(await place.get()) };
}

async function ordersOf(firestore: Firestore, orderIds: readonly string[]): Promise<Order[]> {
  if (orderIds.length === 0) return [];
  const references = orderIds.map((id) => orderDocument.place(firestore, id));
  const snapshots = await firestore.getAll(...references);
  return snapshots.filter(({ exists }) => exists).map(orderDocument.read);
}

/** The orders that were open when their buyer last reserved something. */
function openOrderIdsOf(user: DocumentSnapshot): readonly string[] {
  return readOpenOrders(user).openOrderIds;
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
