import { subscriber } from "../../../shared/runtime/subscriber.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";
import { type ReleaseDeps, releaseOrder } from "../money/release-order.ts";

/**
 * Pays the builder of a proved order. A repeat finds the transfer made; one that comes too early
 * finds nothing to release, and the event that was missing asks again.
 */
export const handler = subscriber(orderReleaseRequested, (event, deps: ReleaseDeps) =>
  releaseOrder(event.orderId, deps),
);
