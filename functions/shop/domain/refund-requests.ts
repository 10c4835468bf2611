import type { Payment } from "./order.ts";
import { type RefundedPart, refundable, shippingIn } from "./order-parts.ts";
import type { Refund } from "./refund.ts";

/** What of a payment is refunded or decided to be, in minor units, and the refunds that are not made yet. */
export type RefundSums = Pick<
  Payment,
  "refundRequested" | "refundRequestedShipping" | "openRefunds"
>;

/** How much a refund would be. Minor units. */
interface Sized {
  /** What is left of the wanted part of the payment. */
  readonly left: number;
  /** The refund: what was asked for, or all that is left. May be more than is left. */
  readonly amount: number;
  /** What of the amount is for shipping. */
  readonly shipping: number;
}

/** How much a refund of a part of a payment would be; of all that is left of it unless an amount is given. */
export function sizeRefund(
  payment: Payment,
  {
    amount: asked,
    part = "order",
  }: { readonly amount: number | undefined; readonly part?: RefundedPart | undefined },
): Sized {
  const leftInAll = payment.amount - payment.refundRequested;
  const left = refundable(payment, leftInAll, part);
  const amount = asked ?? left;
  return { left, amount, shipping: shippingIn(payment, leftInAll, { amount, part }) };
}

/** The sums of a payment with one more refund decided. */
export function withRefund(
  { refundRequested, refundRequestedShipping, openRefunds }: RefundSums,
  { id, amount, shipping }: Pick<Refund, "id" | "amount" | "shipping">,
): RefundSums {
  return {
    refundRequested: refundRequested + amount,
    refundRequestedShipping: refundRequestedShipping + shipping,
    openRefunds: [...openRefunds, id],
  };
}

/** The sums of a payment without a refund that will not be made. */
export function withoutRefund(
  { refundRequested, refundRequestedShipping, openRefunds }: RefundSums,
  { id, amount, shipping }: Pick<Refund, "id" | "amount" | "shipping">,
): RefundSums {
  return {
    refundRequested: refundRequested - amount,
    refundRequestedShipping: refundRequestedShipping - shipping,
    openRefunds: openRefunds.filter((open) => open !== id),
  };
}

/** The next try of a refund: at most `left`, in minor units, and closed if nothing is left. */
export function nextTryOf(refund: Refund, left: number): Refund {
  const amount = Math.min(refund.amount, left);
  return {
    ...refund,
    amount,
    shipping: Math.min(refund.shipping, amount),
    state: amount === 0 ? "closed" : "requested",
    attempt: refund.attempt + 1,
  };
}

/** The sums of a payment after a refund has become smaller. */
export function withSmallerRefund(sums: RefundSums, before: Refund, after: Refund): RefundSums {
  const without = withoutRefund(sums, before);
  const { refundRequested, refundRequestedShipping } = withRefund(without, after);
  const openRefunds = after.amount > 0 ? sums.openRefunds : without.openRefunds;
  return { refundRequested, refundRequestedShipping, openRefunds };
}
