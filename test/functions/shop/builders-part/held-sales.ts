import type { TestCloud } from "../../../support/cloud.ts";
import type { Sale, sales } from "../../../support/races/sales.ts";

const MINUTE_MS = 60_000;

/** Sales whose money is held until their proof, and what happens at the end of that time. */
export function heldSales(cloud: TestCloud, books: ReturnType<typeof sales>) {
  return {
    refundsOf: ({ chargeId }: Sale) =>
      books.happened("refund.created").filter((refund) => refund["charge"] === chargeId),

    /** How often the buyer and the builder were warned. */
    warnings: ({ buyer, builder }: Sale) =>
      [buyer, builder].map((user) => books.timesNotified(user, "hasn't been on stream yet")),

    /** Moves the refund to this many minutes from now; the tasks of the original deadline stay. */
    async endIn(orderId: string, minutes: number): Promise<void> {
      const end = new Date(cloud.clock.nowMs() + minutes * MINUTE_MS);
      await cloud.firestore.doc(`orders/${orderId}`).update({ held_until: end, hold_ends_at: end });
    },

    /** Posts the task of an order's held money as Cloud Tasks does; returns the status. */
    async dueTask(orderId: string): Promise<number> {
      const { status } = await cloud.fetch(cloud.url("held-payment"), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ id: `by-hand.${orderId}`, orderId }),
      });
      await cloud.settle();
      return status;
    },
  };
}
