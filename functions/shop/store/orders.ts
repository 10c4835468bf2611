import { eachDocument } from "../../../shared/documents/rename.ts";
import type { Database } from "../../../shared/ports/database.ts";
import { orderDocument } from "../documents/order.ts";
import { isOpen, moved, OPEN_STATUSES, type Order, type ProofOfWork } from "../domain/order.ts";

/** What came of asking for an order to be on the workbench. */
export type StartBuildingResult =
  | { readonly outcome: "building" | "already-building" | "closed"; readonly order: Order }
  | { readonly outcome: "not-found" };

const readChange = orderDocument.part("updatedAt");

/** Choices a builder is offered at once: Discord shows 25, and what is typed narrows them. */
const MAX_OPEN_ORDERS = 100;
/** An embed has room for so many lines. */
const MAX_SHOWN = 25;

export type Orders = ReturnType<typeof createOrders>;

/** The `orders` collection: document id = order id, for older orders a Checkout Session's id. */
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

    /** Whether someone has ever paid for an order here, also one that was refunded since. */
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

    /** A builder's paid orders, newest first, at most 100. */
    async soldBy(builderId: string): Promise<Order[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .orderBy("paid_at", "desc")
        .limit(MAX_OPEN_ORDERS)
        .get();
      return found.docs.flatMap(orderDocument.readable);
    },

    /** Reservations whose page should have ended before `time`, at most 100. */
    async reservedUntil(time: Date): Promise<string[]> {
      const found = await (await collection())
        .where("fulfillment_status", "==", "reserved")
        .where("checkout_expires_at", "<=", time)
        .limit(MAX_OPEN_ORDERS)
        .get();
      return found.docs.map(({ id }) => id);
    },

    /**
     * A builder's orders that still want work: at most 100 that were paid here, the newest first, then at most
     * 100 of any, since orders of before this system have no time of payment.
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

    /** Every open order of a builder, however many there are. */
    async *everyOpenOf(builderId: string): AsyncGenerator<Order> {
      const theirs = (await collection()).where("builder_id", "==", builderId);
      const open = theirs.where("fulfillment_status", "in", [...OPEN_STATUSES]);
      for await (const snapshot of eachDocument(open)) yield* orderDocument.readable(snapshot);
    },

    /**
     * Puts a builder's open order on the workbench, with the stream as its proof of work. An order
     * keeps its first proof: later calls change nothing and answer `already-building`, except those
     * of the same go-live, which answer as the first did. Another builder's order is `not-found`.
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
          // Its clock has stopped.
          ...(order.payment?.hold === "held" && { holdEndsAt: undefined }),
          proof,
          updatedAt: now,
        });
        const building = { fulfillmentStatus: "building", twitchVodLink: streamUrl, proof };
        return { outcome: "building", order: { ...order, ...building } };
      });
    },

    /** A builder's proved orders whose link is still the channel's, not yet the video's. */
    async awaitingVideo(builderId: string): Promise<Order[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .where("vod_is_permanent", "==", false)
        .get();
      return found.docs.flatMap(orderDocument.readable);
    },

    /** Writes the link to the video that stays. Writing it again writes the same. */
    async setPermanentVodLink(orderId: string, link: string, now: Date): Promise<void> {
      const place = orderDocument.place(await database(), orderId);
      const changes = { twitchVodLink: link, isVodPermanent: true, updatedAt: now };
      await orderDocument.updateNow(place, changes);
    },
  };
}
