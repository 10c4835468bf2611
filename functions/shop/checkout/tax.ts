import type { CheckoutTax } from "../../../shared/clients/stripe/shipping.ts";

/** Currencies of countries where prices are shown without their sales tax; elsewhere they include it. */
const TAX_ADDED: ReadonlySet<string> = new Set(["usd", "cad"]);
/** "General - Tangible Goods": https://docs.stripe.com/tax/tax-codes */
const GOODS_CODE = "txcd_99999999";

/** How Stripe calculates the tax on an order in a currency. */
export function taxIn(currency: string): CheckoutTax {
  const behavior = TAX_ADDED.has(currency) ? "exclusive" : "inclusive";
  return { behavior, goodsCode: GOODS_CODE, collectsTaxIds: true };
}
