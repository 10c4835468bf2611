import { taskWorker } from "../../../shared/runtime/task-worker.ts";
import { heldPaymentDue } from "../events/held-payment-due.ts";
import { type HeldPaymentDeps, keepHoldTimes } from "../money/held-payment.ts";

/** Warns of held money's end, or gives it back, whichever is due now. A repeat finds it done. */
export const handler = taskWorker(heldPaymentDue, ({ orderId }, deps: HeldPaymentDeps) =>
  keepHoldTimes(orderId, deps),
);
