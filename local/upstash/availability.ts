import type { Command } from "./engine.ts";

/**
 * Commands that Upstash does not offer over REST: connection state, blocking, subscriptions, and
 * administration (https://upstash.com/docs/redis/overall/compatibility).
 */
const UNAVAILABLE = new Set(
  `watch unwatch multi exec discard
  blpop brpop blmove brpoplpush blmpop bzpopmin bzpopmax bzmpop wait waitaof
  subscribe unsubscribe psubscribe punsubscribe ssubscribe sunsubscribe monitor
  auth hello select quit reset client readonly readwrite asking swapdb migrate
  acl bgrewriteaof bgsave cluster command config debug failover latency lastsave memory module object
  psync replicaof replconf role save shutdown slaveof slowlog sync`.split(/\s+/),
);

/**
 * Whether a command concerns a connection or administration, and so never runs over REST or in a
 * script.
 */
export function isUnavailable(name: string): boolean {
  return UNAVAILABLE.has(name.toLowerCase());
}

/** The error for a command that cannot be used over REST, or undefined if it can. */
export function refusal(command: Command): string | undefined {
  const [name = ""] = command;
  const blocks = /^xread(group)?$/i.test(name) && command.some((part) => /^block$/i.test(part));
  if (!isUnavailable(name) && !blocks) return undefined;
  return `ERR Command is not available: '${name.toUpperCase()}'. See https://upstash.com/docs/redis/overall/compatibility for details`;
}
