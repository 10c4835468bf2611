import type { Redis, Requester } from "@upstash/redis";
import type { Connections } from "../ports/connections.ts";
import type { Config } from "../runtime/config.ts";
import { lazy } from "../runtime/lazy.ts";

/** Redis, connected on first use. */
export type RedisConnection = () => Promise<Redis>;

type Settings = Config<"UPSTASH_REDIS_REST_URL" | "UPSTASH_REDIS_REST_TOKEN">;

/** The time limit of one request, including the connection. */
const REQUEST_TIMEOUT_MS = 800;

/** Upstash answered with an error status or without JSON. */
export class RedisRefusedError extends Error {}

/**
 * Connects to Upstash over REST. Commands are sent once and in order, replies are not decoded, and a timeout is an
 * error.
 * https://upstash.com/docs/redis/sdks/ts/advanced
 */
export function connectRedis(config: Settings, fetch: Connections["fetch"]): RedisConnection {
  return lazy(async () => {
    const library = await import("@upstash/redis");
    class PlainRedis extends library.Redis {
      constructor(requester: Requester) {
        super(requester);
        this.opts = { automaticDeserialization: false };
        this.enableAutoPipelining = false;
        this.enableTelemetry = false;
      }
    }
    return new PlainRedis(requesterOver(config, fetch));
  });
}

/**
 * Sends requests with our own `fetch`; the library's requester always uses the global one. Each response contains a
 * token that goes into the next request, so that no outdated replica answers it.
 * https://upstash.com/docs/redis/howto/readyourwrites
 */
function requesterOver(config: Settings, fetch: Connections["fetch"]): Requester {
  let syncToken = "";
  return {
    request: async ({ path = [], body }) => {
      const response = await fetch([config.UPSTASH_REDIS_REST_URL, ...path].join("/"), {
        method: "POST",
        headers: {
          authorization: `Bearer ${config.UPSTASH_REDIS_REST_TOKEN}`,
          "content-type": "application/json",
          "upstash-sync-token": syncToken,
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      const answer = await readAnswer(response);
      if (!response.ok) throw new RedisRefusedError((answer as { error?: string }).error);
      syncToken = response.headers.get("upstash-sync-token") ?? "";
      return answer as object;
    },
  };
}

async function readAnswer(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RedisRefusedError(`Redis answered ${response.status} without JSON`, { cause });
  }
}
