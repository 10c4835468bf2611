import * as z from "zod/mini";
import { EVENT_ID_ATTRIBUTE } from "../../clients/pubsub.ts";
import type { EventBase, EventDefinition } from "../../events/define-event.ts";
import type { PlatformDeps } from "../deps.ts";
import { describeError, isTerminal } from "../errors.ts";
import { type FunctionHandler, parseJson, rawBody } from "../http.ts";
import { continueTrace, note, TRACEPARENT } from "../trace.ts";
import { keepForOperators } from "./keep-for-operators.ts";
import { readPayload } from "./read-payload.ts";

/** https://cloud.google.com/pubsub/docs/push#receive_push */
const pushEnvelope = z.object({
  subscription: z.string(),
  deliveryAttempt: z.optional(z.number()),
  message: z.object({
    messageId: z.string(),
    data: z._default(z.string(), ""),
    attributes: z._default(z.record(z.string(), z.string()), {}),
  }),
});

/** A message as Pub/Sub pushed it. */
export interface PushedMessage {
  readonly id: string;
  /** The subscription's short name. */
  readonly subscription: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Buffer;
}

/** The dependencies that every subscriber needs besides its own. */
type SubscriberDeps = Pick<PlatformDeps, "log" | "publisher">;

/**
 * A function behind a push subscription that receives whole messages. Resolving acknowledges the message. A terminal
 * error is published to `dead-letters` and then acknowledged; any other error asks for redelivery. A request that is
 * not a push envelope is answered 400 and changes nothing.
 */
export function messageSubscriber<D>(
  handle: (message: PushedMessage, deps: D & SubscriberDeps) => Promise<void>,
): FunctionHandler<D & SubscriberDeps> {
  return (deps) => async (request, response) => {
    const envelope = pushEnvelope.safeParse(parseJson(rawBody(request)));
    if (!envelope.success) {
      response.status(400).json({ error: "This is not a Pub/Sub push request." });
      return;
    }
    const { message, subscription, deliveryAttempt } = envelope.data;
    const pushed: PushedMessage = {
      id: message.messageId,
      subscription: subscription.split("/").at(-1) ?? subscription,
      attributes: message.attributes,
      data: Buffer.from(message.data, "base64"),
    };
    const fields = {
      subscription: pushed.subscription,
      messageId: pushed.id,
      eventId: pushed.attributes[EVENT_ID_ATTRIBUTE],
    };
    continueTrace(pushed.attributes[TRACEPARENT]);
    note({ ...fields, what: whatOf(pushed), attempt: deliveryAttempt });
    try {
      await handle(pushed, { ...deps, log: deps.log.with(fields) });
      response.status(204).end();
    } catch (error) {
      deps.log.error("A message was not handled", error, fields);
      const kept = isTerminal(error) && (await keep(pushed, error, deps));
      if (kept) response.status(204).end();
      else response.status(500).json({ error: "Not handled; deliver it again." });
    }
  };
}

/**
 * A function behind a push subscription for one event. Older versions of the event are upgraded; later ones are
 * delivered again. A message that does not fit the event's schema is never retried and never lost: it goes to
 * `dead-letters`.
 */
export function subscriber<T extends EventBase, D>(
  event: EventDefinition<T>,
  handle: (payload: T, deps: D & SubscriberDeps) => Promise<void>,
): FunctionHandler<D & SubscriberDeps> {
  return messageSubscriber<D>(async (message, deps) => {
    await handle(readPayload(`event of ${event.topic}`, event, message.data), deps);
  });
}

/** What the log calls a message: its command or type, or else its subscription. */
function whatOf({ subscription, attributes }: PushedMessage): string {
  return attributes["command"] ?? attributes["type"] ?? subscription;
}

function keep(message: PushedMessage, error: unknown, deps: SubscriberDeps) {
  const deadLetter = {
    id: `${message.subscription}.${message.id}`,
    functionName: message.subscription,
    reason: describeError(error),
    attributes: message.attributes,
    body: message.data.toString("utf8"),
  };
  return keepForOperators(deadLetter, deps);
}
