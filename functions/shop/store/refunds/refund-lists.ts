import { idsBehind } from "../../../../shared/documents/ids-behind.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { refundDocument } from "../../documents/refund.ts";
import type { Order } from "../../domain/order.ts";
import type { Refund } from "../../domain/refund.ts";

/** A refund that is decided and not made, and when it was decided. */
export interface OpenRefund extends Refund {
  readonly since: Date;
}

/** A refund of any state, and when it was decided; the oldest do not say. */
export interface ListedRefund extends Refund {
  readonly since: Date | undefined;
}

const readSince = refundDocument.part("createdAt");

/** Reads refunds: one, those of an order, and the orders that have unfinished ones. */
export function createRefundLists(database: Database) {
  return {
    async get(orderId: string, id: string): Promise<Refund | undefined> {
      const place = refundDocument.place(await database(), orderId, id);
      const snapshot = await place.get();
      return snapshot.exists ? refundDocument.read(snapshot) : undefined;
    },

    /** An order's refunds that are decided and not made. */
    async openOf(order: Order): Promise<OpenRefund[]> {
      const firestore = await database();
      const places =
        order.payment?.openRefunds.map((id) => refundDocument.place(firestore, order.id, id)) ?? [];
      const found = await Promise.all(places.map((place) => place.get()));
      const open = found.filter(({ exists }) => exists);
      return open.map((snapshot) => {
        const { createdAt: since = new Date(0) } = readSince(snapshot);
        return { ...refundDocument.read(snapshot), since };
      });
    },

    /** All refunds of an order, and what banks took back. */
    async ofOrder(orderId: string): Promise<ListedRefund[]> {
      const { docs } = await refundDocument.all(await database(), orderId).get();
      return docs.map((snapshot) => ({
        ...refundDocument.read(snapshot),
        since: readSince(snapshot).createdAt,
      }));
    },

    /** Orders with refunds that are decided and not made. By id, from behind `after` on, at most `limit`. */
    async unfinished(after: string | undefined, limit: number): Promise<string[]> {
      const orders = orderDocument.all(await database());
      return idsBehind(orders.where("has_open_refunds", "==", true), after, limit);
    },
  };
}
