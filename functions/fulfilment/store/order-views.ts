import type { Database, Firestore } from "../../../shared/ports/database.ts";
import { caseDocument } from "../../shipping/documents/case.ts";
import { parcelDocument } from "../../shipping/documents/parcel.ts";
import type { Case } from "../../shipping/domain/case.ts";
import type { Parcel } from "../../shipping/domain/parcel.ts";
import { orderDocument } from "../../shop/documents/order.ts";
import { refundDocument } from "../../shop/documents/refund.ts";
import type { OperatorMove, Order } from "../../shop/domain/order.ts";
import type { DatedRefund } from "../domain/timeline.ts";

/** An order with all that its page says of it. */
export interface OrderView {
  readonly order: Order;
  /** Undefined on the oldest orders. */
  readonly reservedAt: Date | undefined;
  readonly parcel: Parcel | undefined;
  /** The parcel that it was sent in before, if it was sent again. */
  readonly earlierParcel: Parcel | undefined;
  /** The other orders in the parcel. */
  readonly together: readonly Order[];
  readonly refunds: readonly DatedRefund[];
  /** What its buyer reported as wrong, if anything. */
  readonly reported: Case | undefined;
  /** What operators have moved by hand. */
  readonly moves: readonly OperatorMove[];
}

const MAX_REFUNDS = 100;
const readApart = orderDocument.part("createdAt", "operatorMoves");
const readDecision = refundDocument.part("createdAt");

export type OrderViews = ReturnType<typeof createOrderViews>;

/** Orders with their parcels and refunds. Only reads. */
export function createOrderViews(database: Database) {
  return {
    /** Undefined if there is no such order. */
    async get(orderId: string): Promise<OrderView | undefined> {
      const firestore = await database();
      const snapshot = await orderDocument.place(firestore, orderId).get();
      if (!snapshot.exists) return undefined;
      const order = orderDocument.read(snapshot);
      const { createdAt: reservedAt, operatorMoves: moves = [] } = readApart(snapshot);
      const [packed, refunds, reported] = await Promise.all([
        readParcel(firestore, order),
        readRefunds(firestore, orderId),
        caseDocument.place(firestore, orderId).get(),
      ]);
      const found = reported.exists ? caseDocument.readable(reported)[0] : undefined;
      return {
        order,
        reservedAt,
        moves,
        ...packed,
        earlierParcel: await readEarlier(firestore, order, found),
        refunds,
        reported: found,
      };
    },
  };
}

async function readParcel(
  firestore: Firestore,
  { id, parcel: place }: Order,
): Promise<Pick<OrderView, "parcel" | "together">> {
  const snapshot = place && (await parcelDocument.place(firestore, place.id).get());
  if (!snapshot?.exists) return { parcel: undefined, together: [] };
  const parcel = parcelDocument.read(snapshot);
  const others = parcel.lines.filter(({ orderId }) => orderId !== id);
  if (others.length === 0) return { parcel, together: [] };
  const places = others.map(({ orderId }) => orderDocument.place(firestore, orderId));
  const together = await firestore.getAll(...places);
  return { parcel, together: together.flatMap(orderDocument.readable) };
}

async function readEarlier(
  firestore: Firestore,
  { parcel }: Order,
  found: Case | undefined,
): Promise<Parcel | undefined> {
  if (!found || found.parcelId === parcel?.id) return undefined;
  const snapshot = await parcelDocument.place(firestore, found.parcelId).get();
  return snapshot.exists ? parcelDocument.readable(snapshot)[0] : undefined;
}

async function readRefunds(firestore: Firestore, orderId: string): Promise<DatedRefund[]> {
  const found = await refundDocument.all(firestore, orderId).limit(MAX_REFUNDS).get();
  return found.docs.flatMap((snapshot) =>
    refundDocument
      .readable(snapshot)
      .map((refund) => ({ ...refund, decidedAt: readDecision(snapshot).createdAt })),
  );
}
