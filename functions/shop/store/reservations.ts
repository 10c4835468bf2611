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
  Transaction,
} from "../../../shared/ports/database.ts";
import { dropDocument } from "../documents/drop.ts";
import { dropBuyerDocument } from "../documents/drop-buyer.ts";
import { dropUnitDocument } from "../documents/drop-unit.ts";
import { orderDocument, reservedOrder } from "../documents/order.ts";
import { type Drop, isHidden, mostPerOrder } from "../domain/drop.ts";
import { holdsUnpaidUnit, isReserved, moved, type Order, quantityOf } from "../domain/order.ts";

/** Someone buys units of a drop. */
export interface Reservation {
  /** The order's id to be: the press's, so that a repeat finds it. */
  readonly orderId: string;
  readonly dropId: string;
  readonly buyerId: string;
  /** How many units, of which they get all or none. */
  readonly quantity: number;
  /** The platform's part in basis points. */
  readonly feeTerms: FeeTerms;
  /** The price of one, for which the delivery was quoted. */
  readonly price: number;
  /** How it is delivered, and what that costs. */
  readonly delivery: NonNullable<Order["delivery"]>;
  readonly shipping: number;
  readonly now: Date;
  /** When its first Checkout Session is to end. */
  readonly expiresAt: Date;
  /** Whether this buyer may reserve again; asked once, and only when there is something to take. */
  admit(): Promise<Admission>;
}

/** Reserved units, those that the buyer holds already, or why there are none. */
export type ReservationResult =
  | { readonly outcome: "reserved"; readonly order: Order }
  | { readonly outcome: "not-found" | "closed" | "sold-out" | "own-drop" }
  /** The price of one is another now than the one for which the delivery was quoted. */
  | { readonly outcome: "other-price" }
  | { readonly outcome: "limit"; readonly limit: number }
  /** Fewer than they want are left, or allowed; at least one. */
  | { readonly outcome: "fewer"; readonly most: number }
  /** They hold as many unpaid orders as one person may; room comes at that time, or when a bank says. */
  | { readonly outcome: "too-many-open"; readonly retryAt: Date | undefined }
  | { readonly outcome: "not-admitted"; readonly retryAt: Date | undefined };

/** Units looked at in one try, besides those that are needed; the ones to take are drawn among them. */
const SPARE_CANDIDATES = 9;
/** Each lost try means that someone else's order got units; with 400 units this is far out of reach. */
const MAX_TRIES = 60;

const readOpenOrders = userDocument.part("openOrderIds");

export type Reservations = ReturnType<typeof createReservations>;

/**
 * Units taken and given back. Each unit is a document; taking some is a single commit of order, units
 * and the buyer's own documents, each with a precondition, so that no unit is in two orders and
 * nobody has more than the limit, however many press at the same time.
 *
 * How many unpaid orders someone has over all drops is counted there too, in `users/…`: two presses at
 * once, on two drops, both write that document, so one of them finds the other's order. The document
 * names orders, and the orders say whether they are still open: nothing has to be written when one ends.
 */
export function createReservations(database: Database) {
  return {
    /** Reserves units. The same order id again, or a buyer who holds some unpaid, gets that order. */
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
     * How many more units of a drop someone may have by its limit. Undefined while an order of theirs waits for its
     * payment: that one is paid or given back first.
     */
    async roomOf({ id, limitPerBuyer }: Drop, buyerId: string): Promise<number | undefined> {
      const firestore = await database();
      const buyer = await dropBuyerDocument.place(firestore, id, buyerId).get();
      const orders = await ordersOf(firestore, orderIdsOf(buyer));
      return orders.some(isReserved) ? undefined : limitPerBuyer - unitsIn(orders);
    },

    /**
     * Ends a reservation and frees its units, once: true when this call did. `sessionId`, where
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
          places.free(transaction);
          const orderIds = without(buyer, orderId);
          dropBuyerDocument.update(transaction, places.buyer, { orderIds });
        }
        return true;
      });
    },
  };
}

/** Where an order's units and its buyer's document are; undefined when it is from no drop. */
export function placesOf(
  firestore: Firestore,
  { dropId, unit, moreUnits, buyerId }: Pick<Order, "dropId" | "unit" | "moreUnits" | "buyerId">,
) {
  if (!dropId || unit === undefined) return undefined;
  const own = [unit, ...moreUnits].map((number) =>
    dropUnitDocument.place(firestore, dropId, String(number)),
  );
  return {
    units: dropUnitDocument.all(firestore, dropId),
    own,
    buyer: dropBuyerDocument.place(firestore, dropId, buyerId),
    /** Puts all units of the order on sale again. */
    free(transaction: Transaction): void {
      for (const place of own) {
        dropUnitDocument.update(transaction, place, { state: "free", orderId: undefined });
      }
    },
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

/** How many units orders are for. */
function unitsIn(orders: readonly Order[]): number {
  return orders.reduce((sum, order) => sum + quantityOf(order), 0);
}

async function tryToReserve(
  firestore: Firestore,
  request: Reservation,
  attempt: number,
): Promise<ReservationResult> {
  const { orderId, dropId, buyerId, quantity, now } = request;
  const place = orderDocument.place(firestore, orderId);
  const [known, dropSnapshot, buyer, user] = await firestore.getAll(
    place,
    dropDocument.place(firestore, dropId),
    dropBuyerDocument.place(firestore, dropId, buyerId),
    userDocument.place(firestore, buyerId),
  );
  if (known?.exists) return { outcome: "reserved", order: orderDocument.read(known) };
  if (!dropSnapshot?.exists || !buyer || !user) return { outcome: "not-found" };
  const drop = dropDocument.read(dropSnapshot);
  if (isHidden(drop)) return { outcome: "not-found" };
  if (drop.builderId === buyerId) return { outcome: "own-drop" };

  const orderIds = orderIdsOf(buyer);
  const theirs = await ordersOf(firestore, orderIds);
  const held = theirs.find(isReserved);
  if (held) return { outcome: "reserved", order: held };
  if (drop.isClosed) return { outcome: "closed" };
  if (drop.price !== request.price) return { outcome: "other-price" };
  const room = drop.limitPerBuyer - unitsIn(theirs);
  if (room <= 0) return { outcome: "limit", limit: drop.limitPerBuyer };

  const all = dropUnitDocument.all(firestore, dropId);
  const wanted = Math.min(quantity, room, mostPerOrder(drop));
  const units = await drawUnits(all, drop, wanted, `${orderId}:${attempt}`);
  const [unit, ...moreUnits] = units.map(({ id }) => Number(id));
  if (unit === undefined) return { outcome: "sold-out" };
  if (units.length < quantity) return { outcome: "fewer", most: units.length };
  const open = (await ordersOf(firestore, openOrderIdsOf(user))).filter(holdsUnpaidUnit);
  if (open.length >= MAX_OPEN_RESERVATIONS) {
    return { outcome: "too-many-open", retryAt: firstEndOf(open) };
  }
  const admission = await request.admit();
  if (!admission.isAllowed) return { outcome: "not-admitted", retryAt: admission.retryAt };

  const batch = firestore.batch();
  const itemsAmount = drop.price * quantity;
  const order = {
    buyerId,
    builderId: drop.builderId,
    title: drop.title,
    dropId,
    unit,
    ...(moreUnits.length > 0 && { moreUnits }),
    amount: itemsAmount + request.shipping,
    shipping: request.shipping,
    delivery: request.delivery,
    fee: feeOf(itemsAmount, request.feeTerms),
    currency: drop.currency,
    plan: drop.plan,
    expiresAt: request.expiresAt,
    now,
  };
  orderDocument.create(batch, place, reservedOrder(order));
  const taken = { state: "reserved", orderId } as const;
  for (const { ref, updateTime } of units) {
    dropUnitDocument.update(batch, ref, taken, { lastUpdateTime: updateTime });
  }
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
 * Free units, drawn so that buyers at the same moment look at different ones: from a place in the series that depends
 * on the press. All that are left where those are fewer than `quantity`.
 */
async function drawUnits(
  units: CollectionReference,
  drop: Drop,
  quantity: number,
  seed: string,
): Promise<readonly QueryDocumentSnapshot[]> {
  const random = createHash("sha256").update(seed).digest();
  const from = 1 + (random.readUInt32BE(0) % drop.stock);
  const free = units.where("state", "==", "free").orderBy("number");
  const most = quantity + SPARE_CANDIDATES;
  const { docs: found } = await free.where("number", ">=", from).limit(most).get();
  if (found.length < quantity) {
    found.push(...(await free.where("number", "<", from).limit(most).get()).docs);
  }
  const first = random.readUInt32BE(4) % Math.max(1, found.length);
  return [...found.slice(first), ...found.slice(0, first)].slice(0, quantity);
}
