import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";
import { type ReleaseDeps, releaseOrder } from "../money/release-order.ts";

/**
 * Pays the builder of a proved order. Idempotency: a second run finds the transfer made. Order: a run that comes
 * too early finds nothing to release, and the missing event requests the release again.
 */
export const handler = subscriber(orderReleaseRequested, (event, deps: ReleaseDeps) =>
  releaseOrder(event.orderId, deps),
);
