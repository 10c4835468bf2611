import * as z from "zod/mini";
import { PLATFORM } from "../balances.ts";
import { formatAmount } from "../currencies.ts";
import type { Charge, Refund } from "../objects/objects.ts";
import { mergeMetadata, metadata, positiveInteger, text } from "../requests/parameters.ts";
import { noSuch, StripeError } from "../requests/stripe-error.ts";
import { change, type World } from "../world.ts";

/** https://docs.stripe.com/api/refunds/create */
export const refundParameters = z.strictObject({
  amount: z.optional(positiveInteger),
  charge: z.optional(text()),
  metadata: z.optional(metadata),
  payment_intent: z.optional(text()),
  reason: z.optional(z.enum(["duplicate", "fraudulent", "requested_by_customer"])),
});

/**
 * Refunds a charge from the platform's balance. The balance may become negative, unless refunds
 * need funds: the refund then stays pending until the balance covers it. Transfers of the charge
 * stay unchanged.
 */
export function createRefund(world: World, given: z.infer<typeof refundParameters>): Refund {
  const ownMetadata = mergeMetadata({}, given.metadata);
  const charge = chargeToRefund(world, given);
  const amount = refundable(world, charge, given.amount);
  const id = world.newId("re");
  const refund: Refund = {
    id,
    object: "refund",
    amount,
    balance_transaction: null,
    charge: charge.id,
    created: world.nowSeconds(),
    currency: charge.currency,
    destination_details: destination("pending"),
    metadata: ownMetadata,
    payment_intent: charge.payment_intent,
    pending_reason: "insufficient_funds",
    reason: given.reason ?? null,
    status: "pending",
    source_transfer_reversal: null,
    transfer_reversal: null,
  };
  world.refunds.set(id, refund);
  if (isCovered(world, refund)) begin(world, refund);
  world.emit("refund.created", refund);
  const refundedAmount = charge.amount_refunded + amount;
  const previous = change(charge, {
    amount_refunded: refundedAmount,
    refunded: refundedAmount === charge.amount,
  });
  world.emit("charge.refunded", charge, { previous });
  if (refund.status === "succeeded") arrive(world, refund);
  return refund;
}

/** Whether the platform's balance covers a refund, or need not. */
function isCovered(world: World, { amount, currency }: Refund): boolean {
  const { refundsNeedFunds = false } = world.timing;
  return !refundsNeedFunds || world.balances.available(PLATFORM, currency) >= amount;
}

/** Withdraws the money from the platform's balance. */
function begin(world: World, refund: Refund): void {
  const { id, amount, currency } = refund;
  world.balances.add(PLATFORM, currency, -amount);
  const entry = { amount: -amount, currency, source: id, type: "refund" } as const;
  change(refund, { balance_transaction: world.enter(entry) });
  const outcome = world.timing.refundOutcome?.() ?? { kind: "succeeds" };
  delete refund.pending_reason;
  if (outcome.kind === "waits") change(refund, { pending_reason: "processing" });
  else change(refund, { status: "succeeded" });
  if (outcome.kind === "succeeds") return;
  const end = () => {
    if (outcome.kind === "waits" && refund.status === "pending") succeed(world, refund);
    if (outcome.kind === "fails" && refund.status === "succeeded") failRefund(world, id);
  };
  const what = outcome.kind === "fails" ? "fails a refund" : "finishes a refund";
  world.timers.after(outcome.ms, end, () => ({ service: "Stripe", what, about: id }));
}

/** A pending refund has reached the buyer's bank. */
function succeed(world: World, refund: Refund): void {
  delete refund.pending_reason;
  change(refund, { status: "succeeded" });
  arrive(world, refund);
}

function arrive(world: World, refund: Refund): void {
  updateRefund(world, refund, { destination_details: destination("available") });
}

/**
 * Pays the refunds that are waiting for the platform's funds, oldest first, as far as the funds go.
 */
export function payWaitingRefunds(world: World): void {
  for (const refund of world.refunds.values()) {
    if (!isWaiting(refund) || !isCovered(world, refund)) continue;
    begin(world, refund);
    if (refund.status === "succeeded") arrive(world, refund);
    else updateRefund(world, refund, {});
  }
}

/**
 * A chargeback fails the pending refunds of its charge:
 * https://docs.stripe.com/api/refunds/object#refund_object-failure_reason
 */
export function failWaitingRefunds(world: World, chargeId: string): void {
  for (const refund of world.refunds.values()) {
    if (refund.charge !== chargeId || !isWaiting(refund)) continue;
    failRefund(world, refund.id, "charge_for_pending_refund_disputed");
  }
}

/** Staff cancel a refund in the Dashboard, which is possible while it is waiting for funds. */
export function cancelRefund(world: World, id: string): Refund {
  const refund = refundOf(world, id);
  if (!isWaiting(refund)) throw new Error(`The refund ${id} can't be canceled any more.`);
  undoRefund(world, refund);
  delete refund.pending_reason;
  return updateRefund(world, refund, { status: "canceled", failure_reason: "merchant_request" });
}

function isWaiting({ status, pending_reason: reason }: Refund): boolean {
  return status === "pending" && reason === "insufficient_funds";
}

/** Finds a refund. Throws when it does not exist. */
export function refundOf(world: World, id: string): Refund {
  const refund = world.refunds.get(id);
  if (!refund) throw noSuch("refund", id);
  return refund;
}

/** Changes a refund and emits an event. */
export function updateRefund(world: World, refund: Refund, changes: Partial<Refund>): Refund {
  const previous = change(refund, changes);
  world.emit("refund.updated", refund, { previous });
  world.emit("charge.refund.updated", refund, { previous });
  return refund;
}

/** The buyer's bank returns a refund: the money is the platform's again. */
export function failRefund(world: World, id: string, reason = "expired_or_canceled_card"): Refund {
  const refund = refundOf(world, id);
  if (refund.status === "failed" || refund.status === "canceled") {
    throw new Error(`The refund ${id} has already failed.`);
  }
  const { amount, currency } = refund;
  undoRefund(world, refund);
  if (refund.balance_transaction !== null) {
    world.balances.add(PLATFORM, currency, amount);
    const entry = { amount, currency, source: id, type: "refund_failure" } as const;
    change(refund, { failure_balance_transaction: world.enter(entry) });
  }
  delete refund.pending_reason;
  updateRefund(world, refund, { status: "failed", failure_reason: reason });
  world.emit("refund.failed", refund);
  return refund;
}

/** Makes the amount of a failed refund refundable again. */
function undoRefund(world: World, refund: Refund): void {
  const charge = world.charges.get(refund.charge);
  if (!charge) return;
  change(charge, { amount_refunded: charge.amount_refunded - refund.amount, refunded: false });
}

function chargeToRefund(
  world: World,
  { charge: chargeId, payment_intent: intentId }: z.infer<typeof refundParameters>,
): Charge {
  if ((chargeId === undefined) === (intentId === undefined)) {
    throw new StripeError(
      "One of the following params should be provided for this request: payment_intent or charge.",
      {
        code: "parameter_missing",
        beforeExecution: true,
      },
    );
  }
  if (chargeId !== undefined) {
    const charge = world.charges.get(chargeId);
    if (charge) return charge;
    throw noSuch("charge", chargeId, "charge");
  }
  const id = intentId ?? "";
  const intent = world.paymentIntents.get(id);
  if (!intent) throw noSuch("payment_intent", id, "payment_intent");
  const charge = world.charges.get(intent.latest_charge ?? "");
  if (charge?.paid) return charge;
  throw new StripeError(`This PaymentIntent (${id}) does not have a successful charge to refund.`, {
    code: "payment_intent_unexpected_state",
    param: "payment_intent",
  });
}

/**
 * The amount to refund: the wanted one, or everything that is left. Throws when it cannot be
 * refunded.
 */
function refundable(world: World, charge: Charge, wanted: number | undefined): number {
  const { id, currency } = charge;
  if (!charge.paid) throw new StripeError(`Charge ${id} has not been paid.`, { param: "charge" });
  if (hasFundsWithdrawn(world, id)) {
    throw new StripeError(`Charge ${id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
    });
  }
  if (charge.refunded) {
    throw new StripeError(`Charge ${id} has already been refunded.`, {
      code: "charge_already_refunded",
    });
  }
  const left = charge.amount - charge.amount_refunded;
  const amount = wanted ?? left;
  if (amount <= left) return amount;
  throw new StripeError(
    `Refund amount (${formatAmount(amount, currency)}) is greater than unrefunded amount on charge (${formatAmount(left, currency)})`,
    { param: "amount" },
  );
}

function hasFundsWithdrawn(world: World, chargeId: string): boolean {
  const disputes = [...world.disputes.values()].filter(({ charge }) => charge === chargeId);
  return disputes.some((dispute) => !dispute.is_charge_refundable && dispute.status !== "won");
}

function destination(status: "pending" | "available"): object {
  const reference = status === "available" ? { reference: "7253101840372811" } : {};
  return {
    type: "card",
    card: {
      reference_status: status,
      reference_type: "acquirer_reference_number",
      ...reference,
      type: "refund",
    },
  };
}
