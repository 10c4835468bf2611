import { z } from "zod/mini";
import { TwitchError } from "../twitch-error.ts";
import type { SocketRequest } from "./socket-subscriptions.ts";
import type { SubscriptionRequest } from "./subscription.ts";

/**
 * The supported types and their versions:
 * https://dev.twitch.tv/docs/eventsub/eventsub-subscription-types/
 */
const VERSIONS: Readonly<Record<string, string>> = {
  "stream.online": "1",
  "stream.offline": "1",
  "channel.update": "2",
};

// https://dev.twitch.tv/docs/eventsub/handling-webhook-events/
const MIN_SECRET_LENGTH = 10;
const MAX_SECRET_LENGTH = 100;

const LOOPBACK_HOSTS = ["127.0.0.1", "localhost", "[::1]"];

const bodySchema = z.object({
  type: z.string(),
  version: z.string(),
  condition: z.object({ broadcaster_user_id: z.string().check(z.regex(/^\d+$/)) }),
  transport: z.discriminatedUnion("method", [
    z.object({ method: z.literal("webhook"), callback: z.string(), secret: z.string() }),
    z.object({ method: z.literal("websocket"), session_id: z.string() }),
  ]),
});

/**
 * Parses the body of a subscription call. Webhooks need an app token, WebSockets a user token.
 * Throws an error that names the problem.
 */
export function parseSubscriptionRequest(
  body: unknown,
  userId: string | undefined,
): SubscriptionRequest | SocketRequest {
  const parsed = bodySchema.safeParse(body);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") || "body";
    throw new TwitchError(400, `The parameter "${field}" is missing or malformed.`);
  }
  const { type, version, condition, transport } = parsed.data;
  if (!Object.hasOwn(VERSIONS, type) || VERSIONS[type] !== version) {
    throw new TwitchError(400, "invalid subscription type and version");
  }
  if ((transport.method === "websocket") !== (userId !== undefined)) {
    throw new TwitchError(400, "invalid transport and auth combination");
  }
  const wanted = { type, version, broadcasterId: condition.broadcaster_user_id };
  if (transport.method === "websocket") return { ...wanted, sessionId: transport.session_id };
  if (!isPossibleCallback(transport.callback)) {
    throw new TwitchError(400, "transport.callback must be https on port 443, or on this machine");
  }
  if (!isPossibleSecret(transport.secret)) {
    throw new TwitchError(400, "transport.secret must have from 10 to 100 ASCII characters");
  }
  const { callback, secret } = transport;
  return { ...wanted, callback, secret };
}

/**
 * Twitch accepts only https on port 443. The simulator also accepts addresses of this machine, on
 * any port and without TLS, because local functions listen there.
 */
function isPossibleCallback(callback: string): boolean {
  const url = URL.parse(callback);
  if (url === null) return false;
  if (LOOPBACK_HOSTS.includes(url.hostname)) return ["http:", "https:"].includes(url.protocol);
  return url.protocol === "https:" && url.port === "";
}

function isPossibleSecret(secret: string): boolean {
  const { length } = secret;
  return /^[ -~]*$/.test(secret) && length >= MIN_SECRET_LENGTH && length <= MAX_SECRET_LENGTH;
}
