import type { IncomingHttpHeaders } from "node:http";
import { listen } from "../../../local/kit/http/listen.ts";

/** One request that a receiver got. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP endpoint that records its requests. */
export interface Receiver {
  readonly url: string;
  /** The requests so far, in the order in which they were answered or wait for an answer. */
  readonly requests: ReceivedRequest[];
  /** Decides the status of the next responses; 204 at first. */
  answer: (request: ReceivedRequest) => number | Promise<number>;
  /** Headers of the next responses; none at first. */
  answerHeaders: Readonly<Record<string, string>>;
  /** Resolves with the requests to a path once there are `count` of them. */
  received(count: number, path?: string): Promise<ReceivedRequest[]>;
  stop(): Promise<void>;
}

/** Starts an endpoint on 127.0.0.1 that answers every path. */
export async function startReceiver(): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const waiting = new Set<() => void>();
  const service = await listen(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(request);
    for (const check of waiting) check();
    response.writeHead(await receiver.answer(request), receiver.answerHeaders);
    response.end();
  });
  const receiver: Receiver = {
    url: service.url,
    requests,
    answer: () => 204,
    answerHeaders: {},
    received: (count, path) =>
      new Promise((resolve) => {
        const check = () => {
          const matching = requests.filter((request) => !path || request.path === path);
          if (matching.length < count) return;
          waiting.delete(check);
          resolve(matching);
        };
        waiting.add(check);
        check();
      }),
    stop: () => service.stop(),
  };
  return receiver;
}
