import { builderShare } from "../../../shared/money/money.ts";
import type { Dispute, Payment } from "./order.ts";

type Money = Pick<
  Payment,
  "amount" | "fee" | "refunded" | "refundRequested" | "disputes" | "transfer"
>;

/** Disputes that have no outcome yet. */
export function openDisputes({ disputes }: Pick<Payment, "disputes">): readonly Dispute[] {
  return disputes.filter(({ outcome }) => outcome === "open");
}

/** Whether Stripe refunds nothing of a charge for now: a bank has taken money of it, and has not decided. */
export function isContested(payment: Pick<Payment, "disputes">): boolean {
  return openDisputes(payment).some(({ isInquiry }) => !isInquiry);
}

/** What of a charge is not the buyer's, nor claimed by them: refunds that are decided count as made. */
function leftOf(payment: Money): number {
  const contested = payment.disputes.reduce(
    (sum, { withdrawn, isBooked }) => sum + (isBooked ? 0 : withdrawn),
    0,
  );
  const gone = Math.max(payment.refundRequested, payment.refunded) + contested;
  return Math.max(0, payment.amount - gone);
}

/** What of an order is the builder's at this moment, in minor units. */
export function builderPart(payment: Money): number {
  return builderShare({ ...payment, refunded: payment.amount - leftOf(payment) });
}

/** What they were given of it, less what they owe back. */
export function givenTo({ transfer }: Pick<Payment, "transfer">): number {
  return transfer ? transfer.gross - transfer.takenBack : 0;
}

/**
 * What a builder was given beyond their part, and owes back; below zero what they were given too little.
 * Nothing is known while a transfer is under way.
 */
export function givenTooMuch(payment: Money): number {
  return givenTo(payment) - builderPart(payment);
}
