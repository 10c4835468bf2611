import type { TestCloud } from "../../../support/cloud.ts";
import type { Sale, sales } from "../../../support/races/sales.ts";
import type { shoppers } from "../../../support/shop/shop.ts";

/** The builder's exact share of what is left of $33.33, in cents. */
export const shareOf = (left: number) => Math.floor((3167 * left) / 3333);

/** Refunds made with `/c500 refund`, and what became of them. */
export function refundCommand(
  cloud: TestCloud,
  people: ReturnType<typeof shoppers>,
  books: ReturnType<typeof sales>,
) {
  return {
    /** Refunds all that is left, or what the options say; by the builder, unless someone else does it. */
    async refund(sale: Sale, options: Record<string, string | boolean> = {}, by = sale.builder) {
      // Discord limits messages to one person per five seconds, too.
      await cloud.clock.advance(5000);
      return people.command(by, "c500 refund", { order: sale.orderId, ...options });
    },

    /** The amounts that Stripe refunded, oldest first. */
    refundsOf: ({ chargeId }: Sale) =>
      books
        .happened("refund.created")
        .filter(({ charge }) => charge === chargeId)
        .map(({ amount }) => amount),

    /** What the builder owes the platform. */
    async debtsOf({ builder }: Sale) {
      const { docs } = await cloud.firestore.collection(`builders/${builder}/debts`).get();
      return docs.map((debt) => ({
        amount: Number(debt.get("amount")),
        settled: Number(debt.get("settled")),
      }));
    },
  };
}
