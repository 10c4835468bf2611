import { taskWorker } from "../../../shared/runtime/task-worker.ts";
import { endReservation } from "../checkout/end-reservation.ts";
import type { SettleDeps } from "../checkout/settle-checkout.ts";
import { reservationEndDue } from "../events/reservation-end-due.ts";

/**
 * A reservation's time is over: what Stripe says of its page decides, should its event be late or
 * lost. A second run finds the order paid or given back; one before the page's end does nothing.
 */
export const handler = taskWorker(reservationEndDue, async ({ orderId }, deps: SettleDeps) => {
  const order = await deps.orders.get(orderId);
  const endsAt = order?.payment?.checkout.expiresAt;
  if (!endsAt || endsAt > deps.clock.now()) return;
  await endReservation(orderId, "expired", deps);
});
