import { createHash } from "node:crypto";
import { DiscordError } from "../../clients/discord/errors.ts";
import type { OutgoingMessage } from "../../clients/discord/outgoing-message.ts";
import type { SentMessage } from "../../documents/sent-messages.ts";
import type { PlatformDeps } from "../../runtime/deps.ts";
import { isPseudonym } from "../pseudonym.ts";

/** Discord's limit: https://discord.com/developers/docs/resources/message#create-message */
const MAX_NONCE_LENGTH = 25;

/** The dependencies of sending. */
export type SendDeps = Pick<PlatformDeps, "discord" | "sentMessages" | "clock">;

/** The user does not accept DMs from us. */
class ClosedDmsError extends Error {
  override name = "ClosedDmsError";
}

/**
 * Sends a message once per `key`. Idempotency: a sent message is recorded under `key`. Crash safety: if the process
 * dies before the record, Discord's nonce returns the same message for a few minutes; after that the message is sent
 * a second time. Calls `channel` only if there is something to send. Throws DiscordError.
 */
export async function sendOnce(
  key: string,
  channel: () => Promise<string>,
  message: OutgoingMessage,
  { discord, sentMessages, clock }: SendDeps,
): Promise<SentMessage> {
  const before = await sentMessages.get(key);
  if (before) return before;
  const channelId = await channel();
  const messageId = await discord.createMessage(channelId, message, nonceOf(key));
  const sent = { channelId, messageId };
  await sentMessages.record(key, sent, clock.now());
  return sent;
}

/**
 * Sends a DM once, like `sendOnce`. Returns undefined if the user does not accept DMs from us, which is remembered
 * for a month because Discord counts each refusal against us, or if the user was forgotten.
 */
export async function sendDmOnce(
  key: string,
  userId: string,
  message: OutgoingMessage,
  deps: SendDeps & Pick<PlatformDeps, "users">,
): Promise<SentMessage | undefined> {
  if (isPseudonym(userId)) return undefined;
  const openDm = async () => {
    if (await deps.users.hasClosedDms(userId, deps.clock.now())) throw new ClosedDmsError();
    return deps.discord.openDm(userId);
  };
  try {
    return await sendOnce(key, openDm, message, deps);
  } catch (error) {
    if (error instanceof ClosedDmsError) return undefined;
    if (!(error instanceof DiscordError && error.isClosedDm)) throw error;
    await deps.users.markDmsClosed(userId, deps.clock.now());
    return undefined;
  }
}

function nonceOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url").slice(0, MAX_NONCE_LENGTH);
}
