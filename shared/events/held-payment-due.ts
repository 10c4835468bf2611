import * as z from "zod/mini";
import type { TaskDefinition } from "./define-event.ts";

const schema = z.object({ id: z.string(), orderId: z.string() });

/** Held money is due for a warning, or for going back to the buyer. */
export const heldPaymentDue: TaskDefinition<z.infer<typeof schema>> = {
  queue: "held-payment",
  schema,
};
