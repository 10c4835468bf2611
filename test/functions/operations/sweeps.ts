import type { TestCloud } from "../../support/cloud.ts";
import type { shoppers } from "../../support/shop/shop.ts";

/** Runs of the sweeper at any time, and work for it. */
export function sweeps(cloud: TestCloud, people: ReturnType<typeof shoppers>) {
  return {
    /** Calls the sweeper as Cloud Scheduler does; returns its status. */
    async sweep(): Promise<number> {
      const { status } = await cloud.fetch(cloud.url("sweeper"), { method: "POST" });
      await cloud.settle();
      await people.pass(1);
      return status;
    },

    /** A Checkout Session that a new buyer has opened and not paid. */
    async openPage(price = "12.50") {
      const { id: builder } = await people.builder();
      const dropId = await people.drop(builder, { price, quantity: "2" });
      const buyer = people.person();
      const answer = await people.buyNow(buyer, dropId);
      const orderId = answer.interactionId;
      const status = async () => (await people.order(orderId))["fulfillment_status"];
      return { builder, dropId, buyer, orderId, sessionId: people.sessionOf(answer), status };
    },
  };
}
