import type { Database, Query } from "../../../shared/ports/database.ts";
import { parcelDocument } from "../../shipping/documents/parcel.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import type { Order } from "../../shop/domain/order.ts";

/** Which orders are looked for: those that fit everything that is given. */
export interface OrderQuery {
  readonly buyerId?: string | undefined;
  readonly builderId?: string | undefined;
  readonly status?: string | undefined;
  /** Stripe's id of the payment intent, the charge or the Checkout Session. */
  readonly paymentId?: string | undefined;
  /** As carriers print it, without spaces. */
  readonly tracking?: string | undefined;
}

/** Orders, those that changed last first, and whether there are more. */
export interface FoundOrders {
  readonly orders: readonly Order[];
  readonly isAll: boolean;
}

/** Documents that are read at most: they are sorted here, because not every combination of fields has an index. */
const MAX_READ = 500;

const readChange = orderDocument.part("updatedAt");

/** Finds orders for operators. Only reads. */
export function createOrderSearch(database: Database) {
  return {
    async find({ tracking, ...query }: OrderQuery): Promise<FoundOrders> {
      const firestore = await database();
      const wanted = conditionsOf(query);
      if (tracking === undefined) {
        let found: Query = orderDocument.all(firestore);
        for (const [field, value] of wanted) found = found.where(field, "==", value);
        const { docs } = await found.limit(MAX_READ).get();
        const dated = docs.map((snapshot) => ({
          orders: orderDocument.readable(snapshot),
          atMs: readChange(snapshot).updatedAt?.getTime() ?? 0,
        }));
        dated.sort((one, other) => other.atMs - one.atMs);
        return {
          orders: dated.flatMap(({ orders }) => orders),
          isAll: docs.length < MAX_READ,
        };
      }
      const parcels = await parcelDocument
        .all(firestore)
        .where("tracking", "==", tracking)
        .limit(MAX_READ)
        .get();
      const lines = parcels.docs.flatMap(parcelDocument.readable).flatMap((parcel) => parcel.lines);
      const places = [...new Set(lines.map(({ orderId }) => orderId))].map((id) =>
        orderDocument.place(firestore, id),
      );
      const found = places.length === 0 ? [] : await firestore.getAll(...places);
      const fitting = found.filter((snapshot) =>
        wanted.every(([field, value]) => snapshot.get(field) === value),
      );
      const orders = fitting.flatMap((snapshot) =>
        snapshot.exists ? orderDocument.readable(snapshot) : [],
      );
      return { orders, isAll: true };
    },
  };
}

/** The stored fields that must have a value. */
function conditionsOf(query: Omit<OrderQuery, "tracking">): (readonly [string, string])[] {
  const { buyerId, builderId, status, paymentId } = query;
  const conditions = [
    ["buyer_id", buyerId],
    ["builder_id", builderId],
    ["fulfillment_status", status],
    [paymentField(paymentId), paymentId],
  ] as const;
  return conditions.flatMap(([field, value]) => (value === undefined ? [] : [[field, value]]));
}

/** https://docs.stripe.com/api/charges: of the ids, the prefix says what it is of. */
function paymentField(id = ""): string {
  if (id.startsWith("cs_")) return "checkout_session_id";
  return id.startsWith("pi_") ? "payment_intent_id" : "charge_id";
}
