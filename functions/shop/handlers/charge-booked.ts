import { stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import { subscriber } from "../../../shared/runtime/subscriber.ts";
import type { Deps } from "../deps.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";

type ChargeBookedDeps = Pick<Deps, "stripe" | "publisher">;

/**
 * A charge has come into Stripe's books, up to an hour after its payment: from now on its builder can be paid.
 * What else may have changed of a charge asks for nothing more: a release that is not due, or made, is left
 * alone. Charges of no order of ours are not for us.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: ChargeBookedDeps) => {
  if (event.type !== "charge.updated") return;
  const orderId = await deps.stripe.orderOfCharge(event.objectId);
  if (orderId === undefined) return;
  await deps.publisher.publish(orderReleaseRequested, { id: `booked.${event.id}`, orderId });
});
