import { shareOf } from "../../../shared/money/money.ts";
import type { Dispute, Payment } from "./order.ts";
import { partsOf, splitLeft } from "./order-parts.ts";

type Money = Pick<
  Payment,
  | "amount"
  | "shipping"
  | "shippingTax"
  | "tax"
  | "fee"
  | "refunded"
  | "refundRequested"
  | "refundRequestedShipping"
  | "disputes"
  | "transfer"
>;

/** Disputes that have no outcome yet. */
export function openDisputes({ disputes }: Pick<Payment, "disputes">): readonly Dispute[] {
  return disputes.filter(({ outcome }) => outcome === "open");
}

/** Whether Stripe refuses refunds of a charge for now: a bank has taken its money and has not decided. */
export function isContested(payment: Pick<Payment, "disputes">): boolean {
  return openDisputes(payment).some(({ isInquiry }) => !isInquiry);
}

/** The part of a charge that is neither refunded nor disputed; decided refunds count as made. */
function leftOf(payment: Money): number {
  const contested = payment.disputes.reduce(
    (sum, { withdrawn, isBooked }) => sum + (isBooked ? 0 : withdrawn),
    0,
  );
  const gone = Math.max(payment.refundRequested, payment.refunded) + contested;
  return Math.max(0, payment.amount - gone);
}

/**
 * The builder's part of an order now, in minor units: of the items' price less the fee, and of the shipping, the same
 * proportion as is left of each, rounded down. Tax stays with the platform, which owes it.
 */
export function builderPart(payment: Money): number {
  const left = splitLeft(payment, leftOf(payment));
  const { items, shipping } = partsOf(payment);
  const ofItems = shareOf(items.price - payment.fee, left.items, items.gross);
  return ofItems + shareOf(shipping.price, left.shipping, shipping.gross);
}

/** What the builder was given, less what was taken back, in minor units. */
export function givenTo({ transfer }: Pick<Payment, "transfer">): number {
  return transfer ? transfer.gross - transfer.takenBack : 0;
}

/**
 * What a builder was given beyond their part and owes back; negative if they were given too little. Not meaningful
 * while a transfer is under way.
 */
export function givenTooMuch(payment: Money): number {
  return givenTo(payment) - builderPart(payment);
}
