import { createHash } from "node:crypto";
import type { Redis } from "@upstash/redis";
import { lazy } from "../runtime/lazy.ts";
import { outsideSpans } from "../runtime/trace.ts";
import type { RedisConnection } from "./redis.ts";

/** Calls a script with keys and arguments; returns the reply of Redis. */
export type RunScript = (keys: readonly string[], args: readonly string[]) => Promise<unknown>;

type Pipeline = ReturnType<Redis["pipeline"]>;

/** A call that waits for its reply. */
interface Call {
  readonly keys: readonly string[];
  readonly args: readonly string[];
  readonly reply: PromiseWithResolvers<unknown>;
}

/** If one request hangs, another can proceed. More requests would leave fewer calls to send together. */
const MAX_REQUESTS = 2;

/** Calls a script by its hash, or by its text if Redis does not know the hash. */
export function createScript(redis: RedisConnection, source: string): RunScript {
  const script = lazy(async () => (await redis()).createScript(source));
  return async (keys, args) => (await script()).exec([...keys], [...args]);
}

/**
 * A script for many concurrent callers. The first call is sent immediately; calls that arrive while requests are
 * under way are sent together in the next request, in order, each with its own reply or error. A failed request
 * fails all its calls. Requests run outside any trace.
 */
export function createBusyScript(redis: RedisConnection, source: string): RunScript {
  const hash = createHash("sha1").update(source).digest("hex");
  let waiting: Call[] = [];
  let requests = 0;

  function sendWaiting(): void {
    while (requests < MAX_REQUESTS && waiting.length > 0) {
      const calls = waiting;
      waiting = [];
      requests += 1;
      void outsideSpans(() => send(calls)).finally(() => {
        requests -= 1;
        sendWaiting();
      });
    }
  }

  /** If Redis has lost the script, it has run none of the calls. They are repeated, the first with the script's text. */
  async function send(calls: readonly Call[]): Promise<void> {
    const unknown = await request(calls, (pipeline, keys, args) =>
      pipeline.evalsha(hash, keys, args),
    );
    const [first] = unknown;
    const refused = await request(unknown, (pipeline, keys, args, call) =>
      call === first ? pipeline.eval(source, keys, args) : pipeline.evalsha(hash, keys, args),
    );
    for (const { reply } of refused) reply.reject(new Error("Redis does not keep the script."));
  }

  /** Returns the calls whose script Redis does not know; all others have got their reply or error. */
  async function request(
    calls: readonly Call[],
    add: (pipeline: Pipeline, keys: string[], args: string[], call: Call) => void,
  ): Promise<Call[]> {
    if (calls.length === 0) return [];
    try {
      const pipeline = (await redis()).pipeline();
      for (const call of calls) add(pipeline, [...call.keys], [...call.args], call);
      const outcomes = await pipeline.exec<unknown[]>({ keepErrors: true });
      return calls.filter(({ reply }, index) => {
        const { result, error } = outcomes[index] ?? { error: "no reply" };
        if (error?.includes("NOSCRIPT")) return true;
        if (error) reply.reject(new Error(`A script failed: ${error}`));
        else reply.resolve(result);
        return false;
      });
    } catch (error) {
      for (const { reply } of calls) reply.reject(error);
      return [];
    }
  }

  return (keys, args) => {
    const reply = Promise.withResolvers<unknown>();
    waiting.push({ keys, args, reply });
    sendWaiting();
    return reply.promise;
  };
}

/** A script's reply as texts. Throws if it is something else. */
export function texts(reply: unknown): readonly string[] {
  const isTexts = Array.isArray(reply) && reply.every((part) => typeof part === "string");
  if (!isTexts) throw new Error("A script's reply is not a list of texts.");
  return reply;
}
