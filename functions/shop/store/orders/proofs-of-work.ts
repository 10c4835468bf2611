import type { Database } from "../../../../shared/ports/database.ts";
import { orderDocument } from "../../documents/order.ts";
import { isOpen, moved, type Order, type ProofOfWork } from "../../domain/order.ts";

/** The outcome of putting an order on the workbench. */
export type StartBuildingResult =
  | { readonly outcome: "building" | "already-building" | "closed"; readonly order: Order }
  | { readonly outcome: "not-found" };

/** Orders on the workbench, and the streams that prove the work on them. */
export function createProofsOfWork(database: Database) {
  return {
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
      const found = await orderDocument
        .all(await database())
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
