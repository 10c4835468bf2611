import type { TestCloud } from "../../../support/cloud.ts";
import type { Sale, sales } from "../../../support/races/sales.ts";
import type { shoppers } from "../../../support/shop/shop.ts";

const MANAGE_SERVER = String(1n << 5n);

/** Refunds of sales, and what they did to the money of their builders. */
export function moneyBack(
  cloud: TestCloud,
  people: ReturnType<typeof shoppers>,
  books: ReturnType<typeof sales>,
) {
  return {
    /** What the builder still owes the platform, in cents. */
    async owedOf({ builder }: Sale): Promise<number> {
      const { docs } = await cloud.firestore.collection(`builders/${builder}/debts`).get();
      return docs.reduce(
        (sum, debt) => sum + Number(debt.get("amount")) - Number(debt.get("settled")),
        0,
      );
    },

    refundsOf: ({ chargeId }: Sale) =>
      books.happened("refund.created").filter(({ charge }) => charge === chargeId),

    transfersTo: ({ account }: Sale) =>
      books.happened("transfer.created").filter(({ destination }) => destination === account),

    /** A staff member refunds a sale. */
    byStaff(sale: Sale, options: Record<string, string> = {}) {
      const staff = people.person({ permissions: MANAGE_SERVER });
      return people.command(staff, "c500 refund", { order: sale.orderId, ...options });
    },

    /** The builder refunds a sale. */
    byBuilder: (sale: Sale, options: Record<string, string> = {}) =>
      people.command(sale.builder, "c500 refund", { order: sale.orderId, ...options }),
  };
}
