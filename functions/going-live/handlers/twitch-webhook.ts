import { createHash } from "node:crypto";
import type { PlatformDeps } from "../../../shared/runtime/deps.ts";
import { type FunctionHandler, header, parseJson, rawBody } from "../../../shared/runtime/http.ts";
import { isAhead, readRfc3339 } from "../../../shared/runtime/sender-time.ts";
import { note } from "../../../shared/runtime/trace.ts";
import { type TwitchEvent, twitchEventReceived } from "../events/twitch-event.ts";
import { challengeSchema, toTwitchEvent } from "../webhook/message.ts";
import { isSignedByTwitch } from "../webhook/signature.ts";

/** Twitch's own advice: https://dev.twitch.tv/docs/eventsub/handling-webhook-events/ */
const MAX_AGE_MS = 10 * 60_000;

type TwitchWebhookDeps = Pick<PlatformDeps, "config" | "publisher" | "clock" | "log">;

/**
 * Twitch EventSub's callback: checks the HMAC over id, timestamp and raw body, answers the challenge and publishes
 * everything else. It answers with success only once Pub/Sub has the event; otherwise Twitch sends it again under
 * the same message id. The event's id is derived from that id, so that subscribers recognize a repeat.
 */
export const handler: FunctionHandler<TwitchWebhookDeps> = (deps) => async (request, response) => {
  const body = rawBody(request);
  const message = {
    id: header(request, "twitch-eventsub-message-id"),
    timestamp: header(request, "twitch-eventsub-message-timestamp"),
    type: header(request, "twitch-eventsub-message-type"),
    body,
  };
  const signature = header(request, "twitch-eventsub-message-signature");
  const secrets = deps.config.TWITCH_EVENTSUB_SECRET;
  if (!secrets.some((secret) => isSignedByTwitch(message, signature, secret))) {
    response.status(403).json({ error: "Bad message signature." });
    return;
  }
  const nowMs = deps.clock.now().getTime();
  const sentAtMs = readRfc3339(message.timestamp);
  if (sentAtMs === undefined || isAhead(sentAtMs, nowMs) || nowMs - sentAtMs > MAX_AGE_MS) {
    const rule = "at most ten minutes old and at most five minutes ahead";
    response.status(403).json({ error: `A message's timestamp must be RFC 3339, ${rule}.` });
    return;
  }
  note({ what: message.type, messageId: message.id });
  const content = parseJson(body);
  if (content === undefined) {
    response.status(400).json({ error: "This is not JSON." });
    return;
  }
  if (message.type === "webhook_callback_verification") {
    const challenge = challengeSchema.safeParse(content);
    if (challenge.success) response.type("text/plain").send(challenge.data.challenge);
    else response.status(400).json({ error: "This verification contains no challenge." });
    return;
  }
  const event = toTwitchEvent({ ...message, id: idOf(message.id), sentAtMs }, content);
  if (event) note({ what: event.type });
  if (!event) deps.log.warn("A Twitch message was of no kind we use", { messageId: message.id });
  const taken = !event || (await isPublished(event, deps));
  response.status(taken ? 204 : 503).end();
};

/**
 * The id of a message's event. Twitch's ids may contain any text, such as base64 with `=`, and ours are document
 * ids: a digest is the same for a repeat and safe to store.
 */
function idOf(messageId: string): string {
  return createHash("sha256").update(messageId).digest("base64url");
}

async function isPublished(
  event: TwitchEvent,
  { publisher, log }: Pick<PlatformDeps, "publisher" | "log">,
): Promise<boolean> {
  try {
    await publisher.publish(twitchEventReceived, event);
    const fields = { event: "webhook-accepted", provider: "twitch", eventId: event.id };
    log.info("A webhook was accepted", fields);
    return true;
  } catch (error) {
    log.error("A Twitch message was not published", error, { eventId: event.id });
    return false;
  }
}
