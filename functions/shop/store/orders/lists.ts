import { eachDocument } from "../../../../shared/documents/rename.ts";
import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { OPEN_STATUSES, type Order } from "../../domain/order.ts";

/** The number of orders from which a builder's choices come; Discord shows 25, and typing narrows them. */
const MAX_OPEN_ORDERS = 100;
/** The number of lines that fit an embed. */
const MAX_SHOWN = 25;

/** Orders found by their buyer, their builder or their state. Lists of orders leave out invalid documents. */
export function createOrderLists(database: Database) {
  const collection = async () => orderDocument.all(await database());

  return {
    /** A buyer's orders, newest first, at most 25. */
    async ofBuyer(buyerId: string): Promise<Order[]> {
      const found = await (await collection())
        .where("buyer_id", "==", buyerId)
        .orderBy("updated_at", "desc")
        .limit(MAX_SHOWN)
        .get();
      return found.docs.flatMap(orderDocument.readable);
    },

    /** Every order of a builder that was paid since a time, newest first. */
    async soldSince(builderId: string, since: Date): Promise<Order[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .where("paid_at", ">=", since)
        .orderBy("paid_at", "desc")
        .get();
      return found.docs.flatMap(orderDocument.readable);
    },

    /** A builder's paid orders, newest first, at most 100. */
    async soldBy(builderId: string): Promise<Order[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .orderBy("paid_at", "desc")
        .limit(MAX_OPEN_ORDERS)
        .get();
      return found.docs.flatMap(orderDocument.readable);
    },

    /** Ids of reservations whose Checkout Session should have expired before `time`, at most 100. */
    async reservedUntil(time: Date): Promise<string[]> {
      const found = await (await collection())
        .where("fulfillment_status", "==", "reserved")
        .where("checkout_expires_at", "<=", time)
        .limit(MAX_OPEN_ORDERS)
        .get();
      return found.docs.map(({ id }) => id);
    },

    /**
     * A builder's open orders: at most 100 that were paid here, newest first, then at most 100 of any, because
     * orders from before this system have no payment time.
     */
    async openOf(builderId: string): Promise<Order[]> {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      const open = theirs
        .where("fulfillment_status", "in", [...OPEN_STATUSES])
        .limit(MAX_OPEN_ORDERS);
      const found = await Promise.all([open.orderBy("paid_at", "desc").get(), open.get()]);
      const byId = new Map(found.flatMap(({ docs }) => docs).map((order) => [order.id, order]));
      return [...byId.values()].flatMap(orderDocument.readable);
    },

    /** Every open order of a builder, without a limit. */
    async *everyOpenOf(builderId: string): AsyncGenerator<Order> {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      const open = theirs.where("fulfillment_status", "in", [...OPEN_STATUSES]);
      for await (const snapshot of eachDocument(open)) yield* orderDocument.readable(snapshot);
    },
  };
}
