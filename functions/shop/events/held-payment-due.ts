import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

/** Held money is due for a warning, or for going back to the buyer. */
export const heldPaymentDue = defineTask({
  queue: "held-payment",
  schema: z.object({ id: z.string(), orderId: z.string() }),
});
