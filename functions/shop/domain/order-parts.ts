import type { Payment } from "./order.ts";

type Money = Pick<
  Payment,
  "amount" | "shipping" | "shippingTax" | "tax" | "refundRequestedShipping"
>;

/** A part of a charge: what it costs, and that with the tax on it. Minor units. */
interface Part {
  readonly price: number;
  readonly gross: number;
}

/** What an order's charge consists of. The two `gross` add up to `amount`. */
export function partsOf({
  amount,
  shipping,
  shippingTax,
  tax,
}: Omit<Money, "refundRequestedShipping">): {
  readonly items: Part;
  readonly shipping: Part;
} {
  const shippingGross = shipping + shippingTax;
  const itemsGross = amount - shippingGross;
  return {
    items: { price: itemsGross - (tax - shippingTax), gross: itemsGross },
    shipping: { price: shipping, gross: shippingGross },
  };
}

/** How what is left of a charge is divided, with the tax on each part. */
export function splitLeft(payment: Money, left: number): { items: number; shipping: number } {
  const { shipping } = partsOf(payment);
  const shippingLeft = Math.min(left, shipping.gross - payment.refundRequestedShipping);
  return { items: left - shippingLeft, shipping: shippingLeft };
}

/** What somebody wants back: of both parts, items first, or of one of them alone. */
export type RefundedPart = "order" | "items" | "shipping";

/** The most that can still be refunded of a part; `left` is what is left of the charge. */
export function refundable(payment: Money, left: number, part: RefundedPart): number {
  return part === "order" ? left : splitLeft(payment, left)[part];
}

/** How much of a refund is for shipping; `left` is what is left of the charge before it. */
export function shippingIn(
  payment: Money,
  left: number,
  refund: { readonly amount: number; readonly part: RefundedPart },
): number {
  if (refund.part === "shipping") return refund.amount;
  return Math.max(0, refund.amount - splitLeft(payment, left).items);
}
