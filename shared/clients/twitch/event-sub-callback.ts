import { createHash } from "node:crypto";

/** Where Twitch is to send its messages, and what it signs them with. */
export interface EventSubCallback {
  readonly url: string;
  /** 10 to 100 ASCII characters; Twitch signs its messages with it. */
  readonly secret: string;
}

/** The number of characters of a secret's SHA-256 that distinguish it from others. */
const DIGEST_LENGTH = 8;

/**
 * The URL of `twitch-webhook`, with a digest of the secret. Twitch does not reveal a subscription's secret, so the
 * digest shows which subscriptions use an old one and must be created again. The first of several secrets is used
 * for new subscriptions; the others remain accepted.
 */
export function eventSubCallback(
  functionsBaseUrl: string,
  [secret = ""]: readonly string[],
): EventSubCallback {
  const digest = createHash("sha256").update(secret).digest("hex").slice(0, DIGEST_LENGTH);
  return { url: `${ourAddress(functionsBaseUrl)}?secret=${digest}`, secret };
}

/** Whether a subscription sends to us, whichever secret it was made with. */
export function isOurCallback(url: string | undefined, functionsBaseUrl: string): boolean {
  return url?.split("?")[0] === ourAddress(functionsBaseUrl);
}

function ourAddress(functionsBaseUrl: string): string {
  return `${functionsBaseUrl}/twitch-webhook`;
}
