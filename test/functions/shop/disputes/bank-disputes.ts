import type { TestCloud } from "../../../support/cloud.ts";
import type { Sale, sales } from "../../../support/races/sales.ts";

/** Disputes of payments by the buyers' banks, and what staff read of them. */
export function bankDisputes(cloud: TestCloud, books: ReturnType<typeof sales>) {
  return {
    /** The buyer's bank disputes the payment; returns the dispute's id. */
    async dispute({ chargeId }: Sale): Promise<string> {
      const { id } = cloud.stripe.openDispute(chargeId);
      await cloud.settle();
      return id;
    },

    async decide(disputeId: string, outcome: "won" | "lost"): Promise<void> {
      await cloud.clock.advance(5000);
      cloud.stripe.closeDispute(disputeId, outcome);
      await cloud.settle();
    },

    noticesOf: (disputeId: string) => books.staffReads().filter((text) => text.includes(disputeId)),
  };
}
