import { community } from "../../local/cloud/community.ts";
import type { LocalClock } from "../../local/kit/clock.ts";
import type { Firestore } from "../../shared/ports/database.ts";
import { deleteAll } from "../support/stored/documents.ts";

export type SiteSeeder = ReturnType<typeof siteSeeder>;

const RESERVATION_MS = 30 * 60_000;

/** Seeds what the site shows, in the shapes it is stored in. */
export function siteSeeder(firestore: Firestore, clock: LocalClock) {
  let next = 1;
  return {
    async builder(fields: object): Promise<string> {
      const id = `30000000000000000${next++}`;
      await firestore.doc(`builders/${id}`).set({ standing: "approved", ...fields });
      return id;
    },

    /** An open drop that is posted; `units` are the states of its units. */
    async drop(fields: object, units: readonly string[] = ["free"]): Promise<string> {
      const id = `drop-${next++}`;
      const batch = firestore.batch();
      batch.set(firestore.doc("builders/1"), { standing: "approved" });
      batch.set(firestore.doc(`inventory/${id}`), {
        builder_id: "1",
        title: "A drop",
        description: "",
        price: 12500,
        currency: "usd",
        plan: "held",
        stock: units.length,
        limit_per_buyer: 1,
        is_closed: false,
        channel_id: community.marketplaceChannelId,
        message_id: "77",
        created_at: new Date(clock.nowMs() + next),
        ...fields,
      });
      units.forEach((state, index) => {
        const number = index + 1;
        batch.set(firestore.doc(`inventory/${id}/units/${number}`), { number, state });
      });
      await batch.commit();
      return id;
    },

    /** An order with its Checkout Session, by default reserved. */
    async order(fields: object): Promise<{ id: string; sessionId: string }> {
      const id = `order-${next++}`;
      const sessionId = `cs_test_session${next++}`;
      await firestore.doc(`orders/${id}`).set({
        buyer_id: "5",
        builder_id: "1",
        title: "Cozy65",
        fulfillment_status: "reserved",
        amount: 12500,
        fee: 625,
        currency: "usd",
        plan: "held",
        checkout_attempt: 1,
        checkout_expires_at: new Date(clock.nowMs() + RESERVATION_MS),
        checkout_session_id: sessionId,
        checkout_url: `https://checkout.stripe.com/c/pay/${sessionId}`,
        refund_requested: 0,
        refunded: 0,
        updated_at: clock.now(),
        ...fields,
      });
      return { id, sessionId };
    },

    async clear(): Promise<void> {
      await deleteAll(firestore, "builders", "inventory", "orders");
    },
  };
}
