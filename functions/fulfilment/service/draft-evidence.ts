import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import { type NotifyDeps, notifyOperators } from "../../../shared/discord/sending/notify.ts";
import { sentToBuyer } from "../../shop/messages/sent-to-buyer.ts";
import type { Deps } from "../deps.ts";
import { evidenceFields, evidenceNotice } from "../messages/evidence.ts";

/** Dependencies of drafting evidence. */
export type EvidenceDeps = NotifyDeps &
  Pick<Deps, "orderViews" | "parcels" | "sentMessages" | "stripe" | "clock" | "log">;

/**
 * Puts what is known of an order into the draft of a dispute's evidence at Stripe, and notifies staff, who submit it.
 *
 * Idempotency: what the draft has stays, and the notice has a fixed name. Lateness: what was submitted or decided is
 * left alone.
 */
export async function draftEvidence(
  { orderId, disputeId }: { readonly orderId: string; readonly disputeId: string },
  deps: EvidenceDeps,
): Promise<void> {
  const view = await deps.orderViews.get(orderId);
  if (!view) return;
  const known = { view, messages: await sentToBuyer(view.order, deps) };
  const refusal = await draft(disputeId, evidenceFields(known, deps.clock.now()), deps);
  if (refusal === "left-alone") return;
  const notice = evidenceNotice(orderId, refusal);
  await notifyOperators(`dispute-evidence:${disputeId}`, notice, deps);
}

/** Why Stripe takes no draft; undefined if it did. */
async function draft(
  disputeId: string,
  fields: ReturnType<typeof evidenceFields>,
  { stripe, log }: Pick<Deps, "stripe" | "log">,
): Promise<string | undefined> {
  try {
    const outcome = await stripe.draftEvidence(disputeId, fields);
    return outcome === "drafted" ? undefined : outcome;
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    log.error("Stripe refused a draft of evidence", error, { dispute: disputeId });
    return error.message;
  }
}
