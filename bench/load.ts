import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { SignedRequest } from "./signed-requests.ts";

/** How to send requests. */
export interface LoadOptions {
  /** The maximum number of concurrent requests. */
  readonly connections: number;
  /** Requests are due evenly over this time; all at once without it. */
  readonly withinMs?: number;
  /**
   * When the first request is due. Latencies then count from each request's due time, otherwise
   * from its sending.
   */
  readonly fromMs?: number;
  /** Derives a request's outcome from the response's body. */
  readonly outcomeOf: (body: string) => string;
}

/** The results of a load test. */
export interface LoadResult {
  /** From the first request to the last response. */
  readonly elapsedMs: number;
  /** When the last request was sent, after the first. */
  readonly sentMs: number;
  /** Each request's outcome and latency. */
  readonly answers: readonly { readonly outcome: string; readonly latencyMs: number }[];
  /** All latencies, shortest first. */
  readonly latenciesMs: readonly number[];
  /** The number of responses per outcome; `status NNN` where it was not 200. */
  readonly outcomes: ReadonlyMap<string, number>;
}

const HEAD_END = Buffer.from("\r\n\r\n");
/** A later response counts as none: Discord has given up long before. */
const ANSWER_DEADLINE_MS = 30_000;

/** Encodes a request in advance, so that sending costs as little as possible. */
export function encode({ headers, body }: SignedRequest): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = Buffer.byteLength(body);
  return Buffer.from(
    `POST / HTTP/1.1\r\nhost: 127.0.0.1\r\n${lines.join("")}content-length: ${length}\r\n\r\n${body}`,
  );
}

/** Sends every request once, in order, each when it is due and a connection is free. */
export async function sendAll(
  url: string,
  requests: readonly Buffer[],
  { connections, withinMs = 0, fromMs, outcomeOf }: LoadOptions,
): Promise<LoadResult> {
  const port = Number(new URL(url).port);
  const count = Math.min(connections, requests.length);
  const sockets = await Promise.all(Array.from({ length: count }, () => open(port)));
  const answers: { outcome: string; latencyMs: number }[] = [];
  if (fromMs !== undefined) await waitMs(fromMs - wallMs());
  const startedMs = performance.now();
  let next = 0;
  let sentMs = 0;

  const work = async (socket: Socket) => {
    const exchange = answering(socket);
    while (next < requests.length) {
      const index = next;
      next += 1;
      const dueMs = startedMs + (withinMs * index) / requests.length;
      await waitMs(dueMs - performance.now());
      const sentAtMs = performance.now();
      const answer = exchange(requests[index] ?? HEAD_END);
      sentMs = sentAtMs - startedMs;
      const { status, body } = await answer;
      const latencyMs = performance.now() - (fromMs === undefined ? sentAtMs : dueMs);
      answers.push({ latencyMs, outcome: status === 200 ? outcomeOf(body) : `status ${status}` });
    }
  };
  try {
    await Promise.all(sockets.map(work));
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  const elapsedMs = performance.now() - startedMs;
  return { elapsedMs, sentMs, answers, ...summaryOf(answers) };
}

/** Counts the outcomes. */
export function summaryOf(
  answers: LoadResult["answers"],
): Pick<LoadResult, "latenciesMs" | "outcomes"> {
  const outcomes = new Map<string, number>();
  for (const { outcome } of answers) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  const latenciesMs = answers.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  return { latenciesMs, outcomes };
}

/** The machine's time, in milliseconds since 1970. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

async function waitMs(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

/** The value that this share of the sorted values does not exceed. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  socket.setTimeout(ANSWER_DEADLINE_MS, () => socket.destroy(new Error("No answer came in time.")));
  return socket;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Sends a request and reads its response, which must have a content length. */
function answering(socket: Socket): (request: Buffer) => Promise<Answer> {
  let received: Buffer = Buffer.alloc(0);
  let waiting: PromiseWithResolvers<Answer> | undefined;
  socket.on("data", (chunk: Buffer) => {
    received = received.length > 0 ? Buffer.concat([received, chunk]) : chunk;
    const headEnd = received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = received.toString("latin1", 0, headEnd);
    const bodyStart = headEnd + HEAD_END.length;
    const bodyEnd = bodyStart + Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (received.length < bodyEnd) return;
    const body = received.toString("utf8", bodyStart, bodyEnd);
    received = received.subarray(bodyEnd);
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  });
  socket.on("error", (error) => waiting?.reject(error));
  socket.on("close", () => waiting?.reject(new Error("The connection was closed.")));
  return (request) => {
    waiting = Promise.withResolvers<Answer>();
    socket.write(request);
    return waiting.promise;
  };
}
