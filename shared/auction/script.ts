import type { Redis } from "@upstash/redis";
import type { RedisConnection } from "../clients/redis.ts";

/** A script with its keys and arguments; gives what Redis replies. */
export type RunScript = (keys: readonly string[], args: readonly string[]) => Promise<unknown>;

/** A script by its hash, and by its text where Redis does not know the hash. */
export function createScript(redis: RedisConnection, source: string): RunScript {
  let known: { client: Redis; script: ReturnType<Redis["createScript"]> } | undefined;
  return async (keys, args) => {
    const client = await redis();
    known ??= { client, script: client.createScript(source) };
    return known.script.exec([...keys], [...args]);
  };
}

/** A script's reply of texts. Throws when it is something else. */
export function texts(reply: unknown): readonly string[] {
  const isTexts = Array.isArray(reply) && reply.every((part) => typeof part === "string");
  if (!isTexts) throw new Error("A script's reply is not a list of texts.");
  return reply;
}
