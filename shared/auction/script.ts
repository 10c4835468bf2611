import { createHash } from "node:crypto";
import type { Redis } from "@upstash/redis";
import type { RedisConnection } from "../clients/redis.ts";

/** A script with its keys and arguments; gives what Redis replies. */
export type RunScript = (keys: readonly string[], args: readonly string[]) => Promise<unknown>;

/** A call that waits for its reply. */
interface Call {
  readonly keys: readonly string[];
  readonly args: readonly string[];
  readonly reply: PromiseWithResolvers<unknown>;
}

/** With one request that hangs the others go on; with more there is less to send together. */
const MAX_REQUESTS = 2;
/** A call is about 400 bytes; Upstash takes ten million in a request. */
const MAX_TOGETHER = 200;

/** A script by its hash, and by its text where Redis does not know the hash. */
export function createScript(redis: RedisConnection, source: string): RunScript {
  let known: { client: Redis; script: ReturnType<Redis["createScript"]> } | undefined;
  return async (keys, args) => {
    const client = await redis();
    known ??= { client, script: client.createScript(source) };
    return known.script.exec([...keys], [...args]);
  };
}

/**
 * The same for a script that many call at once. The first call goes out alone and at once; calls that
 * come while requests are under way go together in the next one, in their order, each a command with a
 * reply of its own. A request that fails fails for all its calls.
 */
export function createBusyScript(redis: RedisConnection, source: string): RunScript {
  const hash = createHash("sha1").update(source).digest("hex");
  let waiting: Call[] = [];
  let requests = 0;

  function sendWaiting(): void {
    while (requests < MAX_REQUESTS && waiting.length > 0) {
      const calls = waiting.slice(0, MAX_TOGETHER);
      waiting = waiting.slice(MAX_TOGETHER);
      requests += 1;
      void send(calls).finally(() => {
        requests -= 1;
        sendWaiting();
      });
    }
  }

  async function send(calls: readonly Call[]): Promise<void> {
    try {
      const client = await redis();
      const pipeline = client.pipeline();
      for (const { keys, args } of calls) pipeline.evalsha(hash, [...keys], [...args]);
      const results = await pipeline.exec<unknown[]>({ keepErrors: true });
      await Promise.all(calls.map((call, index) => settle(client, call, results[index])));
    } catch (error) {
      for (const { reply } of calls) reply.reject(error);
    }
  }

  async function settle(
    client: Redis,
    { keys, args, reply }: Call,
    outcome: { readonly result?: unknown; readonly error?: string | undefined } | undefined,
  ): Promise<void> {
    if (outcome && !outcome.error) reply.resolve(outcome.result);
    else if (outcome?.error?.startsWith("NOSCRIPT")) {
      reply.resolve(await client.eval(source, [...keys], [...args]));
    } else reply.reject(new Error(`A script failed: ${outcome?.error ?? "no reply"}`));
  }

  return (keys, args) => {
    const reply = Promise.withResolvers<unknown>();
    waiting.push({ keys, args, reply });
    sendWaiting();
    return reply.promise;
  };
}

/** A script's reply of texts. Throws when it is something else. */
export function texts(reply: unknown): readonly string[] {
  const isTexts = Array.isArray(reply) && reply.every((part) => typeof part === "string");
  if (!isTexts) throw new Error("A script's reply is not a list of texts.");
  return reply;
}
