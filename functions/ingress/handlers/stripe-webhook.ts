import * as z from "zod/mini";
import { isId } from "../../../shared/documents/outside-id.ts";
import { type StripeEvent, stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import type { PlatformDeps } from "../../../shared/runtime/deps.ts";
import { type FunctionHandler, header, rawBody } from "../../../shared/runtime/http.ts";
import { note } from "../../../shared/runtime/trace.ts";
import { createEventReader } from "../stripe/signed-event.ts";

/** The fields of an event that we read: https://docs.stripe.com/api/events/object */
const eventSchema = z.object({
  id: z.string().check(z.refine(isId)),
  type: z.string().check(z.minLength(1), z.maxLength(255)),
  created: z.int(),
  livemode: z.boolean(),
  account: z.optional(z.string()),
  data: z.object({ object: z.object({ id: z._default(z.string(), "") }) }),
});

type StripeWebhookDeps = Pick<PlatformDeps, "config" | "publisher" | "clock" | "log">;

/**
 * Stripe's webhook endpoint: checks the signature over the raw body with the secrets of all our endpoints and
 * publishes the event. It answers with success only once Pub/Sub has the event; otherwise Stripe sends it again for
 * days, under the same id. Connect endpoints also receive events of the other mode (test or live), which are ignored.
 */
export const handler: FunctionHandler<StripeWebhookDeps> = (deps) => {
  const readEvent = createEventReader(deps.config.STRIPE_WEBHOOK_SECRETS);

  return async (request, response) => {
    const body = rawBody(request);
    const signed = await readEvent(
      body,
      header(request, "stripe-signature"),
      deps.clock.now().getTime(),
    );
    if (signed === undefined) {
      response.status(400).json({ error: "Bad signature." });
      return;
    }
    if (signed === null) {
      response.status(400).json({ error: "This is not JSON." });
      return;
    }
    const event = eventSchema.safeParse(signed);
    if (!event.success) {
      deps.log.error("A signed event could not be read", event.error);
      response.status(400).json({ error: "This is not an event we can read." });
      return;
    }
    if (event.data.livemode !== deps.config.STRIPE_LIVEMODE) {
      deps.log.warn("An event of the other mode was ignored", { eventId: event.data.id });
      response.status(200).json({ message: "Not for this mode." });
      return;
    }
    note({ what: event.data.type, eventId: event.data.id });
    const isTaken = await isPublished(toStripeEvent(event.data), deps);
    response.status(isTaken ? 204 : 503).end();
  };
};

function toStripeEvent(event: z.infer<typeof eventSchema>): StripeEvent {
  return {
    id: event.id,
    type: event.type,
    occurredAtMs: event.created * 1000,
    objectId: event.data.object.id,
    ...(event.account && { accountId: event.account }),
  };
}

async function isPublished(
  event: StripeEvent,
  { publisher, log }: Pick<PlatformDeps, "publisher" | "log">,
): Promise<boolean> {
  try {
    await publisher.publish(stripeEventReceived, event);
    const fields = { event: "webhook-accepted", provider: "stripe", eventId: event.id };
    log.info("A webhook was accepted", fields);
    return true;
  } catch (error) {
    log.error("A Stripe event was not published", error, { eventId: event.id });
    return false;
  }
}
