import { isDue, taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { heldPaymentDue } from "../events/held-payment-due.ts";
import { type HeldPaymentDeps, keepHoldTimes } from "../money/held-payment.ts";
import { nextStep } from "../money/hold-steps.ts";

/**
 * Warns that held money goes back soon, or gives it back, depending on what is due now. Idempotency: a second run
 * finds it done. A task that comes before its time by this instance's clock is retried, because no other is scheduled
 * for its step.
 */
export const handler = taskWorker(heldPaymentDue, async ({ orderId }, deps: HeldPaymentDeps) => {
  const { heldUntil } = (await deps.orders.get(orderId))?.payment ?? {};
  const now = deps.clock.now();
  const next = heldUntil && nextStep(heldUntil, now);
  if (next) isDue(next.at, now, "The next step of held money");
  await keepHoldTimes(orderId, deps);
});
