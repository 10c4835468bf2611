import * as z from "zod/mini";
import { defineEvent } from "./define-event.ts";

/**
 * Stripe says that something has happened to an object. What has become of it is asked of Stripe by
 * the subscriber, because events come late, twice and in any order.
 * https://docs.stripe.com/api/events/types
 */
export const stripeEventReceived = defineEvent({
  topic: "stripe-events",
  schema: z.object({
    id: z.string(),
    type: z.string(),
    occurredAtMs: z.number(),
    objectId: z.string(),
    /** The connected account it happened to. */
    accountId: z.optional(z.string()),
  }),
  attributes: (event) => ({ type: event.type }),
});

export type StripeEvent = z.infer<typeof stripeEventReceived.schema>;
