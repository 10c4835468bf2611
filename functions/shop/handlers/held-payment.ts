import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { heldPaymentDue } from "../events/held-payment-due.ts";
import { type HeldPaymentDeps, keepHoldTimes } from "../money/held-payment.ts";

/**
 * Warns that held money goes back soon, or gives it back, depending on what is due now. Idempotency: a second run
 * finds it done.
 */
export const handler = taskWorker(heldPaymentDue, ({ orderId }, deps: HeldPaymentDeps) =>
  keepHoldTimes(orderId, deps),
);
