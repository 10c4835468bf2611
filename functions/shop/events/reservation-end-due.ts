import * as z from "zod/mini";
import { defineTask } from "../../../shared/events/define-event.ts";

/** A reservation's Checkout Session has ended: its unit goes back unless it was paid. */
export const reservationEndDue = defineTask({
  queue: "reservation-end",
  schema: z.object({ id: z.string(), orderId: z.string() }),
});
