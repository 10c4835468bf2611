import { eachDocument } from "../../../shared/documents/rename.ts";
import type { Database, DocumentSnapshot } from "../../../shared/ports/database.ts";
import { orderDocument } from "../documents/order.ts";
import { isOpen, moved, OPEN_STATUSES, type Order, type ProofOfWork } from "../domain/order.ts";

/** The outcome of putting an order on the workbench. */
export type StartBuildingResult =
  | { readonly outcome: "building" | "already-building" | "closed"; readonly order: Order }
  | { readonly outcome: "not-found" };

const readChange = orderDocument.part("updatedAt");

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

/** The number of orders from which a builder's choices come; Discord shows 25, and typing narrows them. */
const MAX_OPEN_ORDERS = 100;
/** The number of lines that fit an embed. */
const MAX_SHOWN = 25;

/** The field of queries, which is there even where the rest of an order cannot be read. */
function paidAt(snapshot: DocumentSnapshot): Date | undefined {
  const stored = snapshot.get("paid_at") as { toDate(): Date } | undefined;
  return stored?.toDate();
}

export type Orders = ReturnType<typeof createOrders>;

/** The `orders` collection. The document id is the order's id; for the oldest orders, a Checkout Session's id. */
export function createOrders(database: Database) {
  const collection = async () => orderDocument.all(await database());

  return {
    async get(orderId: string): Promise<Order | undefined> {
      const snapshot = await (await collection()).doc(orderId).get();
      return snapshot.exists ? orderDocument.read(snapshot) : undefined;
    },

    /** When an order's money or state last changed. */
    async changedAt(orderId: string): Promise<Date | undefined> {
      const snapshot = await (await collection()).doc(orderId).get();
      return readChange(snapshot).updatedAt;
    },

    /** The order of a Checkout Session. */
    async findBySession(sessionId: string): Promise<Order | undefined> {
      const found = await (await collection())
        .where("checkout_session_id", "==", sessionId)
        .limit(1)
        .get();
      return found.docs.flatMap(orderDocument.readable)[0];
    },

    /** Whether a user has ever paid for an order here, including orders refunded since. */
    async hasPaid(buyerId: string): Promise<boolean> {
      const paid = (await collection())
        .where("buyer_id", "==", buyerId)
        .where("paid_at", ">", new Date(0));
      return !(await paid.limit(1).get()).empty;
    },

    /** A buyer's orders, newest first, at most 25. */
    async ofBuyer(buyerId: string): Promise<Order[]> {
      const found = await (await collection())
        .where("buyer_id", "==", buyerId)
        .orderBy("updated_at", "desc")
        .limit(MAX_SHOWN)
        .get();
      return found.docs.flatMap(orderDocument.readable);
    },

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

    /** Every open order of a builder, without a limit. */
    async *everyOpenOf(builderId: string): AsyncGenerator<Order> {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      const open = theirs.where("fulfillment_status", "in", [...OPEN_STATUSES]);
      for await (const snapshot of eachDocument(open)) yield* orderDocument.readable(snapshot);
    },

    /**
     * Puts a builder's open order on the workbench, with the stream as its proof of work. An order keeps its first
     * proof: later calls change nothing and return `already-building`, except that calls for the same go-live
     * return `building` again. Another builder's order is `not-found`.
     */
    async startBuilding(
      orderId: string,
      builderId: string,
      proof: ProofOfWork,
      streamUrl: string,
      now: Date,
    ): Promise<StartBuildingResult> {
      const firestore = await database();
      const reference = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        if (!snapshot.exists) return { outcome: "not-found" };
        const order = orderDocument.read(snapshot);
        if (order.builderId !== builderId) return { outcome: "not-found" };
        if (!isOpen(order)) return { outcome: "closed", order };
        if (order.proof) {
          const same = order.proof.goLiveId === proof.goLiveId;
          return { outcome: same ? "building" : "already-building", order };
        }
        orderDocument.update(transaction, reference, {
          fulfillmentStatus: moved(order, "building"),
          twitchVodLink: streamUrl,
          isVodPermanent: false,
          // A proved order's hold no longer ends by itself.
          ...(order.payment?.hold === "held" && { holdEndsAt: undefined }),
          proof,
          updatedAt: now,
        });
        const building = { fulfillmentStatus: "building", twitchVodLink: streamUrl, proof };
        return { outcome: "building", order: { ...order, ...building } };
      });
    },

    /** A builder's proved orders that still link to the channel and not to the video. */
    async awaitingVideo(builderId: string): Promise<Order[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .where("vod_is_permanent", "==", false)
        .get();
      return found.docs.flatMap(orderDocument.readable);
    },

    /** Stores the permanent video link. Idempotent. */
    async setPermanentVodLink(orderId: string, link: string, now: Date): Promise<void> {
      const place = orderDocument.place(await database(), orderId);
      const changes = { twitchVodLink: link, isVodPermanent: true, updatedAt: now };
      await orderDocument.updateNow(place, changes);
    },
  };
}
