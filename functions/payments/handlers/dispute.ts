import { stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import { type DisputeDeps, followDispute } from "../service/follow-dispute.ts";

/**
 * Follows a dispute that a buyer's bank has opened, updated or decided.
 *
 * Idempotency: repeats and order do not matter, because the dispute is read from Stripe.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: DisputeDeps) => {
  if (!event.type.startsWith("charge.dispute.")) return;
  await followDispute(await deps.stripe.dispute(event.objectId), deps);
});
