import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { endReservation } from "../checkout/end-reservation.ts";
import type { SettleDeps } from "../checkout/settle-checkout.ts";
import { reservationEndDue } from "../events/reservation-end-due.ts";

/**
 * Ends a reservation whose time is over. The Checkout Session's state at Stripe decides the outcome, in case its
 * event is late or lost. Idempotency: a second run finds the order paid or given back. A run before the session's
 * end does nothing.
 */
export const handler = taskWorker(reservationEndDue, async ({ orderId }, deps: SettleDeps) => {
  const order = await deps.orders.get(orderId);
  const endsAt = order?.payment?.checkout.expiresAt;
  if (!endsAt || endsAt > deps.clock.now()) return;
  await endReservation(orderId, "expired", deps);
});
