import * as z from "zod/mini";
import { defineEvent } from "./define-event.ts";

/**
 * Stripe reports that an object has changed. The subscriber reads the object's current state from Stripe, because
 * events may arrive late, twice and in any order.
 * https://docs.stripe.com/api/events/types
 */
export const stripeEventReceived = defineEvent({
  topic: "stripe-events",
  schema: z.object({
    id: z.string(),
    type: z.string(),
    occurredAtMs: z.number(),
    objectId: z.string(),
    /** The connected account that the object belongs to. */
    accountId: z.optional(z.string()),
  }),
  attributes: (event) => ({ type: event.type }),
});

export type StripeEvent = z.infer<typeof stripeEventReceived.schema>;
