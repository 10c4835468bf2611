import * as z from "zod/mini";
import type { TaskDefinition } from "./define-event.ts";

const schema = z.object({ id: z.string(), orderId: z.string() });

/** A reservation's Checkout Session has ended: its unit goes back unless it was paid. */
export const reservationEndDue: TaskDefinition<z.infer<typeof schema>> = {
  queue: "reservation-end",
  schema,
};
