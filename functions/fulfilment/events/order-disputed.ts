import * as z from "zod/mini";
import { defineEvent } from "../../../shared/events/define-event.ts";

/** A bank disputes the payment of an order or asks about it, or has decided. */
export const orderDisputed = defineEvent({
  topic: "order-disputes",
  schema: z.object({ id: z.string(), orderId: z.string(), disputeId: z.string() }),
});
