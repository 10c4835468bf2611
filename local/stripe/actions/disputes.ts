import * as z from "zod/mini";
import { PLATFORM } from "../balances.ts";
import type { Dispute } from "../objects.ts";
import { flag, mergeMetadata, metadata } from "../parameters.ts";
import { noSuch, StripeError } from "../stripe-error.ts";
import { change, type World } from "../world.ts";

/** Card networks give about a week or more; the exact time is theirs. */
const RESPONSE_SECONDS = 7 * 24 * 60 * 60;

/** https://docs.stripe.com/api/disputes/update */
export const disputeChanges = z.strictObject({
  evidence: z.optional(z.record(z.string(), z.string())),
  metadata: z.optional(metadata),
  submit: z.optional(flag),
});

/** What a buyer disputes, and why; all that is not refunded, for fraud, unless told. */
export interface NewDispute {
  readonly amount?: number | undefined;
  readonly reason?: string | undefined;
}

/** The buyer's bank takes a payment back. Throws when there is nothing of it to take. */
export function openDispute(
  world: World,
  chargeId: string,
  { amount, reason = "fraudulent" }: NewDispute = {},
): Dispute {
  const charge = world.charges.get(chargeId);
  if (!charge?.paid) throw new Error(`There is no paid charge ${chargeId}.`);
  if (charge.disputed) throw new Error(`The charge ${chargeId} is disputed already.`);
  const disputed = amount ?? charge.amount - charge.amount_refunded;
  if (disputed <= 0 || disputed > charge.amount) {
    throw new Error(`${disputed} of ${charge.amount} cannot be disputed.`);
  }
  const dispute: Dispute = {
    id: world.newId("du"),
    object: "dispute",
    amount: disputed,
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
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: "needs_response",
  };
  world.disputes.set(dispute.id, dispute);
  change(charge, { disputed: true });
  world.emit("charge.dispute.created", dispute);
  withdraw(world, dispute);
  return dispute;
}

/** The bank has decided. Throws when it had already. */
export function closeDispute(world: World, id: string, outcome: "won" | "lost"): Dispute {
  const dispute = disputeOf(world, id);
  if (isClosed(dispute)) throw new Error(`The dispute ${id} is closed.`);
  const previous = change(dispute, { status: outcome });
  world.emit("charge.dispute.closed", dispute, { previous });
  if (outcome === "won") reinstate(world, dispute);
  return dispute;
}

/** An appeal has turned the outcome of a dispute over. Throws when it has none. */
export function overturnDispute(world: World, id: string): Dispute {
  const dispute = disputeOf(world, id);
  if (!isClosed(dispute)) throw new Error(`The dispute ${id} is open.`);
  const outcome = dispute.status === "lost" ? "won" : "lost";
  const previous = change(dispute, { status: outcome });
  world.emit("charge.dispute.closed", dispute, { previous });
  if (outcome === "won") reinstate(world, dispute);
  else withdraw(world, dispute);
  return dispute;
}

function withdraw(world: World, dispute: Dispute): void {
  world.balances.add(PLATFORM, dispute.currency, -dispute.amount);
  world.emit("charge.dispute.funds_withdrawn", dispute);
}

function reinstate(world: World, dispute: Dispute): void {
  world.balances.add(PLATFORM, dispute.currency, dispute.amount);
  world.emit("charge.dispute.funds_reinstated", dispute);
}

/** The dispute with this id. Refuses when there is none. */
export function disputeOf(world: World, id: string): Dispute {
  const dispute = world.disputes.get(id);
  if (!dispute) throw noSuch("dispute", id);
  return dispute;
}

/** Adds evidence; it goes to the bank at once unless `submit` is false. Refuses a closed dispute. */
export function updateDispute(
  world: World,
  id: string,
  given: z.infer<typeof disputeChanges>,
): Dispute {
  const dispute = disputeOf(world, id);
  if (given.evidence && isClosed(dispute)) {
    throw new StripeError("This dispute is already closed.", { param: "evidence" });
  }
  const evidence = { ...dispute.evidence, ...given.evidence };
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
    status: submits ? "under_review" : dispute.status,
  });
  world.emit("charge.dispute.updated", dispute, { previous });
  return dispute;
}

function isClosed({ status }: Dispute): boolean {
  return status === "won" || status === "lost";
}
