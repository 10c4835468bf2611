import { createHash } from "node:crypto";
import type { DiscordSimulator } from "../../../local/discord/index.ts";
import { NONCE_MEMORY_MS } from "../../../local/discord/state/messages.ts";

/** A message as Discord shows it. */
export type SentMessage = ReturnType<DiscordSimulator["messages"]>[number];

/**
 * How often a message with this key was sent, not counting copies for which `isForgotten` is true.
 */
export function countSent(messages: readonly SentMessage[], key: string): number {
  const nonce = createHash("sha256").update(key).digest("base64url").slice(0, 25);
  const own = messages.filter((message) => message.nonce === nonce);
  return own.filter((copy) => !own.some((other) => isForgotten(copy, other))).length;
}

/**
 * Whether one message is a copy of the other, sent after Discord had forgotten its nonce. This
 * happens when an instance is killed between sending a message and recording it, and the retry
 * comes after Discord's memory of a few minutes.
 */
export function isForgotten(copy: SentMessage, other: SentMessage): boolean {
  const apartMs = Date.parse(copy.timestamp) - Date.parse(other.timestamp);
  return copy.nonce === other.nonce && apartMs > NONCE_MEMORY_MS;
}
