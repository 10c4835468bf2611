import { createHmac } from "node:crypto";
import { systemClock } from "../../shared/runtime/clock.ts";
import { BridgeError } from "./bridge-error.ts";
import { findLocalCloud } from "./local-cloud.ts";

/** A message as Twitch's webhook would send it. */
export interface WebhookMessage {
  /** The same for the same event, however often it arrives. */
  readonly id: string;
  readonly kind: "notification" | "revocation";
  readonly subscription: { readonly type: string; readonly version: string };
  /** Present for notifications only. */
  readonly event?: object;
}

/** Delays before each retry, as Twitch has them. */
const RETRY_DELAYS_MS = [1_000, 5_000, 15_000];

/**
 * Posts a message to the local `twitch-webhook`, with body, headers and signature as Twitch sends them and the
 * local cloud's time. Returns the status of the response. Throws BridgeError when no attempt succeeds.
 */
export async function handOver(message: WebhookMessage): Promise<number> {
  for (const delayMs of RETRY_DELAYS_MS) {
    const status = await tryOnce(message);
    if (status !== undefined) return status;
    await systemClock.sleep(delayMs);
  }
  const status = await tryOnce(message);
  if (status !== undefined) return status;
  throw new BridgeError(
    "The local twitch-webhook did not accept it: look at the output of ./dev up.",
  );
}

async function tryOnce(message: WebhookMessage): Promise<number | undefined> {
  const { webhookUrl, secret, nowMs } = await findLocalCloud();
  const { subscription, event } = message;
  const body = JSON.stringify({ subscription, ...(event && { event }) });
  const timestamp = new Date(nowMs).toISOString().replace("Z", "000000Z");
  const signature = createHmac("sha256", secret).update(message.id + timestamp + body);
  const answer = await fetch(webhookUrl, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "twitch-eventsub-message-id": message.id,
      "twitch-eventsub-message-retry": "0",
      "twitch-eventsub-message-type": message.kind,
      "twitch-eventsub-message-timestamp": timestamp,
      "twitch-eventsub-message-signature": `sha256=${signature.digest("hex")}`,
      "twitch-eventsub-subscription-type": subscription.type,
      "twitch-eventsub-subscription-version": subscription.version,
    },
    body,
  }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ? answer.status : undefined;
}
