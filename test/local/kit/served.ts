import type { RequestListener } from "node:http";
import type { InProcessFetch } from "../../../local/kit/http/in-process.ts";
import { listen } from "../../../local/kit/http/listen.ts";
import { Network } from "../../../local/kit/http/network.ts";

/** A listener that is served, and what reaches it. */
export interface Served {
  readonly url: string;
  readonly fetch: InProcessFetch;
  stop(): Promise<void>;
}

/** Both ways to serve a listener: whatever a test sees must be the same. */
export const ways: readonly [string, (listener: RequestListener) => Promise<Served>][] = [
  ["over a socket", async (listener) => ({ ...(await listen(listener)), fetch })],
  [
    "in process",
    async (listener) => {
      const network = new Network();
      return { ...(await network.listenAs("server.test")(listener)), fetch: network.fetch };
    },
  ],
];

/** What a promise was rejected with, as far as callers look at it. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason as Error & { cause?: { code?: unknown } },
  );
  if (!error) throw new Error("It was not rejected.");
  return { name: error.name, message: error.message, code: error.cause?.code };
}
