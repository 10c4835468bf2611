import type { DocumentSnapshot } from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import { CLOSED_STATUSES, isOpen, type Order, type ProofOfWork } from "../domain/order.ts";
import { TerminalError } from "../runtime/errors.ts";
import { parseDocument, stored, timestamp } from "./document.ts";

/** What came of asking for an order to be on the workbench. */
export type StartBuildingResult =
  | { readonly outcome: "building" | "already-building" | "closed"; readonly order: Order }
  | { readonly outcome: "not-found" };

/** Choices a builder is offered at once: Discord shows 25, and what is typed narrows them. */
const MAX_OPEN_ORDERS = 100;

const orderDocument = z.object({
  buyer_id: z.string(),
  builder_id: z.string(),
  title: stored(z.string()),
  fulfillment_status: stored(z.string()),
  twitch_vod_link: stored(z.string()),
  proof_go_live_id: stored(z.string()),
  proof_stream_id: stored(z.string()),
  proof_verified_at: stored(timestamp),
});

export type Orders = ReturnType<typeof createOrders>;

/** The `orders` collection: document id = order id, for older orders a Checkout Session's id. */
export function createOrders(database: Database) {
  const collection = async () => (await database()).collection("orders");

  return {
    /** A builder's orders that still want work, unsorted, at most 100. */
    async openOf(builderId: string): Promise<Order[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .where("fulfillment_status", "not-in", [...CLOSED_STATUSES])
        .limit(MAX_OPEN_ORDERS)
        .get();
      return found.docs.flatMap(readable);
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
      const reference = firestore.collection("orders").doc(orderId);
      return firestore.runTransaction(async (transaction) => {
        const snapshot = await transaction.get(reference);
        if (!snapshot.exists) return { outcome: "not-found" };
        const order = toOrder(snapshot);
        if (order.builderId !== builderId) return { outcome: "not-found" };
        if (!isOpen(order)) return { outcome: "closed", order };
        if (order.proof) {
          const same = order.proof.goLiveId === proof.goLiveId;
          return { outcome: same ? "building" : "already-building", order };
        }
        transaction.update(reference, {
          fulfillment_status: "building",
          twitch_vod_link: streamUrl,
          vod_is_permanent: false,
          proof_go_live_id: proof.goLiveId,
          proof_stream_id: proof.streamId,
          proof_verified_at: new Date(proof.verifiedAtMs),
          updated_at: now,
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
      return found.docs.flatMap(readable);
    },

    /** Writes the link to the video that stays. Writing it again writes the same. */
    async setPermanentVodLink(orderId: string, link: string, now: Date): Promise<void> {
      await (await collection())
        .doc(orderId)
        .update({ twitch_vod_link: link, vod_is_permanent: true, updated_at: now });
    },
  };
}

/** An order, or nothing where the document is broken: one bad order hides no other. */
function readable(snapshot: DocumentSnapshot): Order[] {
  try {
    return [toOrder(snapshot)];
  } catch (error) {
    if (error instanceof TerminalError) return [];
    throw error;
  }
}

function toOrder(snapshot: DocumentSnapshot): Order {
  const fields = parseDocument(snapshot.ref.path, orderDocument, snapshot.data());
  return {
    id: snapshot.id,
    buyerId: fields.buyer_id,
    builderId: fields.builder_id,
    title: fields.title,
    fulfillmentStatus: fields.fulfillment_status ?? "",
    twitchVodLink: fields.twitch_vod_link,
    proof: toProof(fields),
  };
}

function toProof(fields: z.infer<typeof orderDocument>): ProofOfWork | undefined {
  if (!fields.proof_go_live_id || !fields.proof_stream_id || !fields.proof_verified_at) {
    return undefined;
  }
  return {
    goLiveId: fields.proof_go_live_id,
    streamId: fields.proof_stream_id,
    verifiedAtMs: fields.proof_verified_at.getTime(),
  };
}
