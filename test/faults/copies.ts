import { NONCE_MEMORY_MS } from "../../local/discord/state/messages.ts";
import type { TestCloud } from "../support/cloud.ts";

/** A message as it was sent. */
export type Said = ReturnType<TestCloud["discord"]["dms"]>[number];

/** Whether one is the other again, sent when Discord no longer knew its nonce. */
export function isForgotten(copy: Said, other: Said): boolean {
  const apartMs = Date.parse(copy.timestamp) - Date.parse(other.timestamp);
  return copy.nonce === other.nonce && apartMs > NONCE_MEMORY_MS;
}

/** The messages without those that were sent again because Discord had forgotten them. */
export function withoutForgotten(said: readonly Said[]): Said[] {
  return said.filter((copy) => !said.some((other) => isForgotten(copy, other)));
}
