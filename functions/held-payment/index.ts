import { heldPaymentDue } from "../../shared/events/held-payment-due.ts";
import { taskWorker } from "../../shared/runtime/task-worker.ts";
import { type HeldPaymentDeps, keepHoldTimes } from "../../shared/shop/held-payment.ts";

/** Warns of held money's end, or gives it back, whichever is due now. A repeat finds it done. */
export const handler = taskWorker(heldPaymentDue, ({ orderId }, deps: HeldPaymentDeps) =>
  keepHoldTimes(orderId, deps),
);
