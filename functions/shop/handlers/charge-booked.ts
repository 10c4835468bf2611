import { stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import type { PlatformDeps } from "../../../shared/runtime/deps.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";

type ChargeBookedDeps = Pick<PlatformDeps, "stripe" | "publisher">;

/**
 * Requests a release when Stripe has booked a charge, up to an hour after its payment: from then on its builder
 * can be paid. Stripe also sends this event for other changes of a charge; the requested release then does
 * nothing if it is not due or already made. Charges without an order are ignored.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: ChargeBookedDeps) => {
  if (event.type !== "charge.updated") return;
  const orderId = await deps.stripe.orderOfCharge(event.objectId);
  if (orderId === undefined) return;
  await deps.publisher.publish(orderReleaseRequested, { id: `booked.${event.id}`, orderId });
});
