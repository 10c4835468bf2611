import * as z from "zod/mini";
import { anyFlag, anyText, listOf } from "../reading.ts";

/** Money in the currency of the shop, in which its orders are, and in that of the buyer. */
const money = z.catch(z.optional(z.object({ amount: anyText, currency_code: anyText })), undefined);
const moneySet = z.catch(
  z.optional(z.object({ shop_money: money, presentment_money: money })),
  undefined,
);
export type MoneySet = z.infer<typeof moneySet>;

/** What we read of a refund: https://shopify.dev/docs/api/admin-rest/latest/resources/refund */
export const refundSchema = z.object({
  id: anyText,
  order_id: anyText,
  created_at: anyText,
  refund_line_items: listOf(
    z.object({
      subtotal: anyText,
      subtotal_set: moneySet,
      total_tax: anyText,
      total_tax_set: moneySet,
      line_item: z.catch(z.optional(z.object({ gift_card: anyFlag })), undefined),
    }),
  ),
  /** Shipping is reported here since version 2024-10, and before that among the adjustments. */
  refund_shipping_lines: listOf(
    z.object({
      subtotal_amount_set: moneySet,
      shipping_line: z.catch(
        z.optional(
          z.object({
            discounted_price_set: moneySet,
            price_set: moneySet,
            tax_lines: listOf(z.object({ price: anyText, price_set: moneySet })),
          }),
        ),
        undefined,
      ),
    }),
  ),
  order_adjustments: listOf(
    z.object({
      kind: anyText,
      amount: anyText,
      amount_set: moneySet,
      tax_amount: anyText,
      tax_amount_set: moneySet,
    }),
  ),
  transactions: listOf(
    z.object({ kind: anyText, status: anyText, amount: anyText, currency: anyText, test: anyFlag }),
  ),
  total_duties_set: moneySet,
});
export type Refund = z.infer<typeof refundSchema>;
