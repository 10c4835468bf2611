import { createHmac, timingSafeEqual } from "node:crypto";

/** The parts of an EventSub message that its signature covers, as they were received. */
interface SignedMessage {
  readonly id: string;
  readonly timestamp: string;
  readonly body: Buffer;
}

/**
 * Whether the header is `sha256=` and the HMAC-SHA256 over id + timestamp + raw body.
 * https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#verifying-the-event-message
 */
export function isSignedByTwitch(message: SignedMessage, header: string, secret: string): boolean {
  const hmac = createHmac("sha256", secret).update(message.id).update(message.timestamp);
  const expected = Buffer.from(`sha256=${hmac.update(message.body).digest("hex")}`);
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
