import type StripeLibrary from "stripe";
import { readId } from "../../documents/outside-id.ts";
import type { DisputeOutcome } from "../../money/dispute.ts";
import { saleTitle } from "../../money/sale-reading.ts";
import { type ChosenShipping, toShipping } from "./shipping.ts";

/** A Checkout Session, with the payment behind it once there is one. */
export interface CheckoutSession {
  readonly id: string;
  /** Our order's id, if the session belongs to one. */
  readonly orderId: string | undefined;
  /** The session's purpose: "payment", or one of Stripe's other modes. */
  readonly mode: string;
  readonly status: string;
  readonly paymentStatus: string;
  readonly url: string | undefined;
  readonly createdAt: Date;
  readonly amount: number;
  readonly currency: string;
  /** The part of the amount that is for the items: after discounts, without shipping and tax. */
  readonly itemsAmount: number;
  /** The tax that the amount contains, on items and delivery. */
  readonly taxAmount: number;
  /** The delivery that the buyer chose; undefined if the page offers none. */
  readonly shipping: ChosenShipping | undefined;
  /** The amount of its charge that was refunded so far. */
  readonly refunded: number;
  /** The name of what was bought; only of a session that was read by its id. */
  readonly title: string | undefined;
  /** The lobby that it names, if any. */
  readonly lobbyId: string | undefined;
  /** The Payment Link that opened it, if any. */
  readonly paymentLinkId: string | undefined;
  /** Whether it names a lobby, or is marked as merch: `merch` = `true` in its metadata. */
  readonly isMarkedMerch: boolean;
  /** Whether another application made it on our account, or it is for another shop's order. */
  readonly isForeign: boolean;
  readonly payment: ChargedPayment | undefined;
  /** A delayed bank payment was refused. */
  readonly hasFailed: boolean;
}

/** A successful payment. */
export interface ChargedPayment {
  readonly paymentIntentId: string;
  readonly chargeId: string;
  /** All of the charge, of which refunds and disputes are parts, in the charge's currency. */
  readonly amount: number;
  readonly currency: string;
  readonly paidAt: Date;
}

/** The purpose of a payment on our account, as far as the payment shows it. */
export interface PaymentPurpose {
  readonly orderId: string | undefined;
  /** Whether another application, such as Ko-fi's, took it on our account. */
  readonly isForeign: boolean;
}

/** A refund to a buyer. */
export interface StripeRefund {
  readonly id: string;
  readonly paymentIntentId: string | undefined;
  /** Our id, if we requested the refund. */
  readonly refundId: string | undefined;
  readonly amount: number;
  readonly status: string;
  readonly createdAt: Date;
}

/** A contested charge. */
export interface StripeDispute {
  readonly id: string;
  readonly paymentIntentId: string | undefined;
  readonly amount: number;
  readonly currency: string;
  readonly reason: string;
  readonly outcome: DisputeOutcome;
  /** Stripe's own word, such as `warning_needs_response` or `prevented`. */
  readonly status: string;
  /** Whether the bank only asks and has taken nothing. */
  readonly isInquiry: boolean;
  /** The amount that it has taken from the platform and not returned. */
  readonly withdrawn: number;
  /** The fee that Stripe charged the platform. */
  readonly fee: number;
  readonly openedAt: Date;
  /** The deadline for evidence. */
  readonly answerBy: Date | undefined;
}

/** Evidence for a dispute: https://docs.stripe.com/api/disputes/evidence_object. Up to 20,000 characters each. */
export interface DisputeEvidence {
  readonly product_description: string;
  /** Of several parcels: with commas between them. */
  readonly shipping_carrier?: string;
  readonly shipping_tracking_number?: string;
  readonly shipping_date?: string;
  readonly uncategorized_text: string;
}

/** A transfer to a connected account. */
export interface StripeTransfer {
  readonly id: string;
  readonly orderId: string | undefined;
  /** Which of the order's transfers it is. */
  readonly attempt: number | undefined;
  /** The racer's payout that it makes, if any. */
  readonly payoutId: string | undefined;
  readonly currency: string;
  /** The connected account that received it. */
  readonly accountId: string | undefined;
  readonly amount: number;
  readonly amountReversed: number;
}

/** The fields that `toSession` needs expanded. */
export const SESSION_PARTS = [
  "payment_intent.latest_charge",
  "line_items",
  "shipping_cost.shipping_rate",
];

/** Converts a Checkout Session to the fields that we use. */
export function toSession(session: StripeLibrary.Checkout.Session): CheckoutSession {
  return {
    id: session.id,
    orderId: readId(session.metadata?.["order_id"]),
    mode: session.mode,
    status: session.status ?? "",
    paymentStatus: session.payment_status,
    url: session.url ?? undefined,
    createdAt: new Date(session.created * 1000),
    amount: session.amount_total ?? 0,
    currency: session.currency ?? "",
    itemsAmount: itemsAmount(session),
    taxAmount: session.total_details?.amount_tax ?? 0,
    shipping: toShipping(session),
    refunded: chargeOf(session.payment_intent)?.amount_refunded ?? 0,
    title: titleOf(session.line_items),
    lobbyId: lobbyOf(session),
    paymentLinkId: idOf(session.payment_link),
    isMarkedMerch: lobbyOf(session) !== undefined || session.metadata?.["merch"] === "true",
    isForeign: isForeign(session),
    payment: toPayment(session.payment_intent),
    hasFailed: hasFailed(session.payment_intent),
  };
}

/** Both amounts contain the tax on shipping, so this is right whether prices include tax or not. */
function itemsAmount({
  amount_total: total,
  total_details: details,
  shipping_cost: shipping,
}: StripeLibrary.Checkout.Session): number {
  const itemsTax = (details?.amount_tax ?? 0) - (shipping?.amount_tax ?? 0);
  return (total ?? 0) - (shipping?.amount_total ?? 0) - itemsTax;
}

function titleOf(items: StripeLibrary.Checkout.Session["line_items"]): string | undefined {
  const [first, ...others] = items?.data ?? [];
  if (!first) return undefined;
  const name = saleTitle(first.description ?? "") || "Merch";
  return saleTitle(others.length > 0 ? `${name} and ${others.length} more` : name);
}

/** A Payment Link's address can carry a reference; a server can set metadata. */
function lobbyOf(session: StripeLibrary.Checkout.Session): string | undefined {
  const [, referred] = /^lobby_(.+)$/.exec(session.client_reference_id ?? "") ?? [];
  return readId(session.metadata?.["lobby"]) ?? readId(referred);
}

/** Metadata in which connectors of other shops store the number of their order. */
const ORDER_OF_ANOTHER_SHOP = /^(shopify|ko-?fi)/i;

/** https://docs.stripe.com/api/payment_intents/object#payment_intent_object-application */
function isForeign({ payment_intent: intent, metadata }: StripeLibrary.Checkout.Session): boolean {
  const isMadeByAnother = typeof intent === "object" && Boolean(intent?.application);
  return (
    isMadeByAnother || Object.keys(metadata ?? {}).some((key) => ORDER_OF_ANOTHER_SHOP.test(key))
  );
}

/** Whether the bank debit of a completed session failed. A declined card leaves the session open. */
function hasFailed(intent: StripeLibrary.Checkout.Session["payment_intent"]): boolean {
  return (
    typeof intent === "object" &&
    (intent?.status === "requires_payment_method" || intent?.status === "canceled")
  );
}

/** The payment, if its charge succeeded; a failed or pending attempt does not count. */
function toPayment(
  intent: StripeLibrary.Checkout.Session["payment_intent"],
): ChargedPayment | undefined {
  const charge = chargeOf(intent);
  if (!intent || typeof intent === "string" || !charge) return undefined;
  return {
    paymentIntentId: intent.id,
    chargeId: charge.id,
    amount: charge.amount,
    currency: charge.currency,
    paidAt: new Date(charge.created * 1000),
  };
}

/** The charge of a successful payment. */
export function chargeOf(
  intent: StripeLibrary.Checkout.Session["payment_intent"],
): StripeLibrary.Charge | undefined {
  if (!intent || typeof intent === "string" || intent.status !== "succeeded") return undefined;
  const charge = intent.latest_charge;
  return charge && typeof charge !== "string" ? charge : undefined;
}

/** Converts a refund to the fields that we use. */
export function toRefund(refund: StripeLibrary.Refund): StripeRefund {
  return {
    id: refund.id,
    paymentIntentId: idOf(refund.payment_intent),
    refundId: readId(refund.metadata?.["refund_id"]),
    amount: refund.amount,
    status: refund.status ?? "",
    createdAt: new Date(refund.created * 1000),
  };
}

/** Converts a dispute to the fields that we use. */
export function toDispute(dispute: StripeLibrary.Dispute): StripeDispute {
  const dueBy = dispute.evidence_details.due_by;
  return {
    id: dispute.id,
    paymentIntentId: idOf(dispute.payment_intent),
    amount: dispute.amount,
    currency: dispute.currency,
    reason: dispute.reason,
    outcome: outcomeOf(dispute),
    status: dispute.status,
    isInquiry: dispute.status.startsWith("warning_"),
    withdrawn: withdrawnBy(dispute),
    fee: dispute.balance_transactions.reduce((sum, { fee }) => sum + fee, 0),
    openedAt: new Date(dispute.created * 1000),
    answerBy: dueBy ? new Date(dueBy * 1000) : undefined,
  };
}

/**
 * The outcome of a dispute for everyone who shares in the money. Stripe's status is not always enough: a prevented
 * dispute may have taken the money, and the money of a lost one may have come back. So the balance transactions
 * decide; an inquiry has none.
 * https://docs.stripe.com/api/disputes/object#dispute_object-balance_transactions
 */
function outcomeOf(dispute: StripeLibrary.Dispute): DisputeOutcome {
  switch (dispute.status) {
    case "won":
    case "warning_closed":
      return "won";
    case "lost":
    case "prevented": {
      return withdrawnBy(dispute) > 0 ? "lost" : "won";
    }
    default:
      return "open";
  }
}

function withdrawnBy({ balance_transactions: entries }: StripeLibrary.Dispute): number {
  return Math.max(0, -entries.reduce((sum, { amount }) => sum + amount, 0));
}

/** Converts a transfer to the fields that we use. */
export function toTransfer(transfer: StripeLibrary.Transfer): StripeTransfer {
  return {
    id: transfer.id,
    orderId: readId(transfer.metadata["order_id"]),
    attempt: Number(transfer.metadata["attempt"]) || undefined,
    payoutId: readId(transfer.metadata["payout_id"]),
    currency: transfer.currency,
    accountId: idOf(transfer.destination),
    amount: transfer.amount,
    amountReversed: transfer.amount_reversed,
  };
}

/** The id of an object that may be expanded. */
export function idOf(
  reference: string | { readonly id: string } | null | undefined,
): string | undefined {
  return typeof reference === "string" ? reference : reference?.id;
}
