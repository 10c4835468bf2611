import type { Pick } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { stripeBooks } from "./books.ts";
import { marketOf } from "./market.ts";
import { chargeOf } from "./orders-at-hand.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long a bank takes to decide: seldom minutes, mostly days. */
const DECIDED_MS = [2 * MINUTE_MS, HOUR_MS, 30 * HOUR_MS, 5 * 24 * HOUR_MS];
const INQUIRIES = ["warning_needs_response", "warning_under_review"];

/** A buyer's bank takes a payment back, or a part of it. */
export async function openDispute(stage: Stage, pick: Pick): Promise<void> {
  const charge = await chargeOf(stage, pick);
  stage.stripe.openDispute(charge, { amount: pick([undefined, undefined, 500]) });
}

/** It only asks; nobody's money moves. */
export async function openInquiry(stage: Stage, pick: Pick): Promise<void> {
  stage.stripe.openDispute(await chargeOf(stage, pick), { isInquiry: true });
}

/** A bank takes a payment back, and decides after a while. */
export async function disputeToItsEnd(stage: Stage, pick: Pick): Promise<void> {
  const { id } = stage.stripe.openDispute(await chargeOf(stage, pick));
  await haveDecided(stage, pick, id);
}

/** The bank that has opened a dispute decides, whatever happens meanwhile. */
export async function haveDecided(stage: Stage, pick: Pick, disputeId: string): Promise<void> {
  await stage.cloud.clock.sleep(pick(DECIDED_MS));
  // Once everything has healed nobody does anything any more.
  if (stage.faults.isQuiet) return;
  stage.stripe.closeDispute(disputeId, pick(["won", "lost", "lost"]));
}

/** What is open gets its outcome, or an inquiry becomes a dispute. */
export async function closeDispute(stage: Stage, pick: Pick): Promise<void> {
  const { stripe } = stage;
  const { id, status } = pick((await stage.aside(() => stripeBooks(stage))).openDisputes);
  if (!INQUIRIES.includes(status)) stripe.closeDispute(id, pick(["won", "lost", "prevented"]));
  else if (pick([true, false])) stripe.escalateDispute(id);
  else stripe.closeDispute(id, "warning_closed");
}

/** An appeal turns an outcome over, or the network gives the money of a lost dispute back. */
export async function appeal(stage: Stage, pick: Pick): Promise<void> {
  const { stripe } = stage;
  const { disputes } = await stage.aside(() => stripeBooks(stage));
  const decided = pick(disputes.filter(({ status }) => status === "won" || status === "lost"));
  if (decided.status === "lost" && pick([true, false])) stripe.reinstateLostDispute(decided.id);
  else stripe.overturnDispute(decided.id);
  marketOf(stage).overturned.add(decided.charge);
}
