import * as z from "zod/mini";
import { PLATFORM } from "../balances.ts";
import type { Dispute, Metadata } from "../objects/objects.ts";
import { flag, mergeMetadata, metadata } from "../requests/parameters.ts";
import { noSuch, StripeError } from "../requests/stripe-error.ts";
import { change, type World } from "../world.ts";
import { checkEvidence, evidence } from "./dispute-evidence.ts";
import { failWaitingRefunds } from "./refunds.ts";

/** Card networks allow about a week or more; each sets its own deadline. */
const RESPONSE_SECONDS = 7 * 24 * 60 * 60;

/** https://docs.stripe.com/api/disputes/update */
export const disputeChanges = z.strictObject({
  evidence: z.optional(evidence),
  metadata: z.optional(metadata),
  submit: z.optional(flag),
});

/**
 * The disputed amount and reason; by default everything not refunded or disputed yet, for fraud.
 */
export interface NewDispute {
  readonly amount?: number | undefined;
  readonly reason?: string | undefined;
  /** Whether it is only an inquiry, which withdraws no money unless it escalates. */
  readonly isInquiry?: boolean | undefined;
}

/**
 * How a dispute ends. `warning_closed` is an inquiry that did not escalate. `prevented` means that
 * the network settled it before it became a chargeback, with the money withdrawn; Stripe sends no
 * `closed` event for it.
 * https://docs.stripe.com/api/disputes/object#dispute_object-status
 */
export type DisputeEnd = "won" | "lost" | "warning_closed" | "prevented";

/**
 * The buyer's bank disputes a payment or opens an inquiry. One charge can have several disputes.
 * Throws when there is nothing left to dispute.
 */
export function openDispute(
  world: World,
  chargeId: string,
  { amount, reason = "fraudulent", isInquiry = false }: NewDispute = {},
): Dispute {
  const charge = world.charges.get(chargeId);
  if (!charge?.paid) throw new Error(`There is no paid charge ${chargeId}.`);
  if (!isInquiry) failWaitingRefunds(world, chargeId);
  const others = [...world.disputes.values()].filter(({ charge: id }) => id === chargeId);
  const contested = others.reduce((sum, other) => sum + other.amount, 0);
  const disputed = amount ?? charge.amount - charge.amount_refunded - contested;
  if (disputed <= 0 || disputed + contested > charge.amount) {
    throw new Error(`${disputed} of ${charge.amount} cannot be disputed.`);
  }
  const dispute: Dispute = {
    id: world.newId("du"),
    object: "dispute",
    amount: disputed,
    balance_transactions: [],
    charge: chargeId,
    created: world.nowSeconds(),
    currency: charge.currency,
    evidence: {},
    evidence_details: {
      due_by: world.nowSeconds() + RESPONSE_SECONDS,
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: isInquiry ? "warning_needs_response" : "needs_response",
  };
  world.disputes.set(dispute.id, dispute);
  change(charge, { disputed: true });
  world.emit("charge.dispute.created", dispute);
  if (!isInquiry) withdraw(world, dispute);
  return dispute;
}

/**
 * Turns an inquiry into a chargeback, which withdraws the money. Throws unless it is an inquiry.
 */
export function escalateDispute(world: World, id: string): Dispute {
  const dispute = disputeOf(world, id);
  if (!isInquiry(dispute)) throw new Error(`The dispute ${id} is not an inquiry.`);
  const previous = change(dispute, { status: "needs_response", is_charge_refundable: false });
  world.emit("charge.dispute.updated", dispute, { previous });
  withdraw(world, dispute);
  return dispute;
}

/** The bank decides. Throws when the dispute is closed or cannot end this way. */
export function closeDispute(world: World, id: string, end: DisputeEnd): Dispute {
  const dispute = disputeOf(world, id);
  if (isClosed(dispute)) throw new Error(`The dispute ${id} is closed.`);
  if ((end === "warning_closed") !== isInquiry(dispute)) {
    throw new Error(`A dispute that is ${dispute.status} cannot end as ${end}.`);
  }
  const previous = change(dispute, { status: end });
  const type = end === "prevented" ? "charge.dispute.updated" : "charge.dispute.closed";
  world.emit(type, dispute, { previous });
  if (end === "won") reinstate(world, dispute);
  return dispute;
}

/**
 * The network returns the money of a lost dispute; the dispute stays lost. Throws unless it is
 * lost.
 */
export function reinstateLostDispute(world: World, id: string): Dispute {
  const dispute = disputeOf(world, id);
  if (dispute.status !== "lost") throw new Error(`The dispute ${id} is not lost.`);
  reinstate(world, dispute);
  return dispute;
}

/** An appeal reverses the outcome. Throws when the dispute is neither won nor lost. */
export function overturnDispute(world: World, id: string): Dispute {
  const dispute = disputeOf(world, id);
  if (dispute.status !== "won" && dispute.status !== "lost") {
    throw new Error(`The dispute ${id} is neither won nor lost.`);
  }
  const outcome = dispute.status === "lost" ? "won" : "lost";
  const previous = change(dispute, { status: outcome });
  world.emit("charge.dispute.closed", dispute, { previous });
  if (outcome === "won") reinstate(world, dispute);
  else withdraw(world, dispute);
  return dispute;
}

function withdraw(world: World, dispute: Dispute): void {
  move(world, dispute, -dispute.amount, world.timing.disputeFee ?? 0);
  world.emit("charge.dispute.funds_withdrawn", dispute);
}

function reinstate(world: World, dispute: Dispute): void {
  move(world, dispute, dispute.amount, 0);
  world.emit("charge.dispute.funds_reinstated", dispute);
}

/** Stripe lists the latest withdrawal and any reinstatement after it: none, one or two entries. */
function move(world: World, dispute: Dispute, amount: number, fee: number): void {
  const { currency } = dispute;
  const net = amount - fee;
  world.balances.add(PLATFORM, currency, net);
  const id = world.newId("txn");
  const entry = { id, object: "balance_transaction", amount, currency, fee, net } as const;
  const before = amount < 0 ? [] : dispute.balance_transactions;
  change(dispute, { balance_transactions: [...before, entry] });
}

/** Finds a dispute. Throws when it does not exist. */
export function disputeOf(world: World, id: string): Dispute {
  const dispute = world.disputes.get(id);
  if (!dispute) throw noSuch("dispute", id);
  return dispute;
}

/**
 * Adds evidence and submits it to the bank unless `submit` is false. Throws when the dispute is
 * closed.
 */
export function updateDispute(
  world: World,
  id: string,
  given: z.infer<typeof disputeChanges>,
): Dispute {
  const dispute = disputeOf(world, id);
  if (given.evidence && isClosed(dispute)) {
    throw new StripeError("This dispute is already closed.", { param: "evidence" });
  }
  const evidence = { ...dispute.evidence, ...textsOf(given.evidence) };
  checkEvidence(evidence);
  const submits = given.evidence !== undefined && given.submit !== false;
  const details = dispute.evidence_details;
  const previous = change(dispute, {
    evidence,
    evidence_details: {
      ...details,
      has_evidence: Object.keys(evidence).length > 0,
      submission_count: details.submission_count + (submits ? 1 : 0),
    },
    metadata: mergeMetadata(dispute.metadata, given.metadata),
    status: submits ? underReview(dispute) : dispute.status,
  });
  world.emit("charge.dispute.updated", dispute, { previous });
  return dispute;
}

function textsOf(given: z.infer<typeof disputeChanges>["evidence"]): Metadata {
  const entries = Object.entries(given ?? {});
  return Object.fromEntries(entries.flatMap(([name, text]) => (text ? [[name, text]] : [])));
}

function underReview(dispute: Dispute): Dispute["status"] {
  return isInquiry(dispute) ? "warning_under_review" : "under_review";
}

function isInquiry({ status }: Dispute): boolean {
  return status === "warning_needs_response" || status === "warning_under_review";
}

function isClosed({ status }: Dispute): boolean {
  return ["won", "lost", "warning_closed", "prevented"].includes(status);
}
