import { createHash } from "node:crypto";
import type { DiscordSimulator } from "../../local/discord/index.ts";
import { NONCE_MEMORY_MS } from "../../local/discord/state/messages.ts";

/** A message as Discord shows it. */
export type Said = ReturnType<DiscordSimulator["messages"]>[number];

/** How often something was said that is sent under this key, but for what `isForgotten`. */
export function timesSaid(said: readonly Said[], key: string): number {
  const nonce = createHash("sha256").update(key).digest("base64url").slice(0, 25);
  const own = said.filter((message) => message.nonce === nonce);
  return own.filter((copy) => !own.some((other) => isForgotten(copy, other))).length;
}

/**
 * Whether one is the other again, sent when Discord no longer knew its nonce: who dies between sending and
 * writing that down, and is tried again only after Discord's memory of a few minutes, says it twice.
 */
export function isForgotten(copy: Said, other: Said): boolean {
  const apartMs = Date.parse(copy.timestamp) - Date.parse(other.timestamp);
  return copy.nonce === other.nonce && apartMs > NONCE_MEMORY_MS;
}
