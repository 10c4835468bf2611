import { createHash } from "node:crypto";
import { DiscordError, type OutgoingMessage } from "../clients/discord.ts";
import type { SentMessage } from "../documents/sent-messages.ts";
import type { PlatformDeps } from "../runtime/deps.ts";
import { isPseudonym } from "./pseudonym.ts";

/** Discord's limit: https://discord.com/developers/docs/resources/message#create-message */
const MAX_NONCE_LENGTH = 25;

/** What sending needs. */
export type SendDeps = Pick<PlatformDeps, "discord" | "sentMessages" | "clock">;

/** The user takes no DMs from us. */
class ClosedDmsError extends Error {
  override name = "ClosedDmsError";
}

/**
 * Sends a message at least once and, as far as Discord lets us, once: what was sent is recorded
 * under `key`, and between the send and the record Discord's nonce gives the same message again.
 * `channel` is asked for only if there is something to send. Throws DiscordError.
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
 * Sends a DM once, as `sendOnce` does. Gives undefined when the user takes no DMs from us; that is
 * remembered for a month, since Discord counts each refusal against our address. So it does for whoever
 * was forgotten.
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
