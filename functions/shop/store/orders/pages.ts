import { eachDocument } from "../../../../shared/documents/rename.ts";
import type { Database, DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { OPEN_STATUSES, type Order } from "../../domain/order.ts";

/** Where a page of orders ended: the time that they are sorted by, and the id, of its last order. */
interface PageEnd {
  readonly at: Date;
  readonly id: string;
}

/** Some of a person's orders; `next` is where those after them begin, if there may be more. */
interface OrderPage {
  readonly orders: readonly Order[];
  readonly next: PageEnd | undefined;
}

const readChange = orderDocument.part("updatedAt");

/** All orders of a buyer, and all open ones of a builder, page by page. Invalid documents are left out. */
export function createOrderPages(database: Database) {
  const collection = async () => orderDocument.all(await database());

  return {
    /** A buyer's orders from behind `after` on, those that changed last first, at most `limit`. */
    async pageOfBuyer(
      buyerId: string,
      after: PageEnd | undefined,
      limit: number,
    ): Promise<OrderPage> {
      const theirs = (await collection())
        .where("buyer_id", "==", buyerId)
        .orderBy("updated_at", "desc")
        .orderBy("__name__", "desc")
        .limit(limit);
      const { docs } = await (after ? theirs.startAfter(after.at, after.id) : theirs).get();
      const last = docs.length < limit ? undefined : docs.at(-1);
      const at = last && readChange(last).updatedAt;
      const next = last && at && { at, id: last.id };
      return { orders: docs.flatMap(orderDocument.readable), next };
    },

    /**
     * A builder's open orders from behind `after` on, those that were paid last first, at most `limit`. Orders from
     * before this system have no payment time; the last page has all of them as well.
     */
    async pageOfOpen(
      builderId: string,
      after: PageEnd | undefined,
      limit: number,
    ): Promise<OrderPage> {
      const open = (await collection())
        .where("builder_id", "==", builderId)
        .where("fulfillment_status", "in", [...OPEN_STATUSES]);
      const paid = open.orderBy("paid_at", "desc").orderBy("__name__", "desc").limit(limit);
      const { docs } = await (after ? paid.startAfter(after.at, after.id) : paid).get();
      const orders = docs.flatMap(orderDocument.readable);
      const last = docs.length < limit ? undefined : docs.at(-1);
      if (last) {
        const at = paidAt(last);
        return { orders, next: at && { at, id: last.id } };
      }
      const old: Order[] = [];
      for await (const snapshot of eachDocument(open)) {
        if (!paidAt(snapshot)) old.push(...orderDocument.readable(snapshot));
      }
      return { orders: [...orders, ...old], next: undefined };
    },
  };
}

/** The field of queries, which is there even where the rest of an order cannot be read. */
function paidAt(snapshot: DocumentSnapshot): Date | undefined {
  const stored = snapshot.get("paid_at") as { toDate(): Date } | undefined;
  return stored?.toDate();
}
