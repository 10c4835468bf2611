import { stripeEventReceived } from "../../shared/events/stripe-event.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import { type SettleDeps, settleCheckout } from "../../shared/shop/settle-checkout.ts";

/**
 * Something has happened to a Checkout Session: its order becomes what the session is now.
 *
 * Repeats and order do not matter, because the session is read from Stripe. A session of no order
 * we know goes to the dead letters.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: SettleDeps) => {
  if (!event.type.startsWith("checkout.session.")) return;
  await settleCheckout(await deps.stripe.session(event.objectId), deps);
});
