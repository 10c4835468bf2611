import type { Stage } from "../../stage.ts";
import type { Pick } from "../scenario.ts";
import { stripeBooks } from "./checks/books.ts";
import { marketOf } from "./market.ts";
import { chargeOf } from "./pick-order.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long a bank takes to decide: rarely minutes, mostly days. */
const DECIDED_MS = [2 * MINUTE_MS, HOUR_MS, 30 * HOUR_MS, 5 * 24 * HOUR_MS];
const INQUIRIES = ["warning_needs_response", "warning_under_review"];

/** A buyer's bank disputes a payment or part of it. */
export async function openDispute(stage: Stage, pick: Pick): Promise<void> {
  const charge = await chargeOf(stage, pick);
  stage.stripe.openDispute(charge, { amount: pick([undefined, undefined, 500]) });
}

/** An inquiry, which moves no money. */
export async function openInquiry(stage: Stage, pick: Pick): Promise<void> {
  stage.stripe.openDispute(await chargeOf(stage, pick), { isInquiry: true });
}

/** A bank disputes a payment and decides after a while. */
export async function disputeToItsEnd(stage: Stage, pick: Pick): Promise<void> {
  const { id } = stage.stripe.openDispute(await chargeOf(stage, pick));
  await haveDecided(stage, pick, id);
}

/** The dispute's bank decides, whatever happens meanwhile. */
export async function haveDecided(stage: Stage, pick: Pick, disputeId: string): Promise<void> {
  await stage.cloud.clock.sleep(pick(DECIDED_MS));
  // Once faults have stopped nobody acts any more.
  if (stage.faults.isQuiet) return;
  stage.stripe.closeDispute(disputeId, pick(["won", "lost", "lost"]));
}

/** Decides an open dispute or escalates an inquiry. */
export async function closeDispute(stage: Stage, pick: Pick): Promise<void> {
  const { stripe } = stage;
  const { id, status } = pick((await stage.withoutFaults(() => stripeBooks(stage))).openDisputes);
  if (!INQUIRIES.includes(status)) stripe.closeDispute(id, pick(["won", "lost", "prevented"]));
  else if (pick([true, false])) stripe.escalateDispute(id);
  else stripe.closeDispute(id, "warning_closed");
}

async function decidedDisputes(stage: Stage) {
  const { disputes } = await stage.withoutFaults(() => stripeBooks(stage));
  return disputes.filter(({ status }) => status === "won" || status === "lost");
}

/** An appeal reverses an outcome, or the network returns the money of a lost dispute; a bank decides one before if none is. */
export async function appeal(stage: Stage, pick: Pick): Promise<void> {
  const { stripe } = stage;
  if ((await decidedDisputes(stage)).length === 0) {
    const { id } = stripe.openDispute(await chargeOf(stage, pick));
    await stage.cloud.clock.sleep(2 * MINUTE_MS);
    // Once faults have stopped nobody acts any more.
    if (stage.faults.isQuiet) return;
    stripe.closeDispute(id, pick(["won", "lost"]));
    await stage.cloud.clock.sleep(MINUTE_MS);
    if (stage.faults.isQuiet) return;
  }
  const decided = pick(await decidedDisputes(stage));
  if (decided.status === "lost" && pick([true, false])) stripe.reinstateLostDispute(decided.id);
  else stripe.overturnDispute(decided.id);
  marketOf(stage).overturned.add(decided.charge);
}
