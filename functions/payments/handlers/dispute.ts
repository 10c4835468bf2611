import { stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import { subscriber } from "../../../shared/runtime/subscriber.ts";
import { type DisputeDeps, followDispute } from "../service/follow-dispute.ts";

/** A buyer's bank contests a charge, or has decided. Repeats and order do not matter. */
export const handler = subscriber(stripeEventReceived, async (event, deps: DisputeDeps) => {
  if (!event.type.startsWith("charge.dispute.")) return;
  await followDispute(await deps.stripe.dispute(event.objectId), deps);
});
