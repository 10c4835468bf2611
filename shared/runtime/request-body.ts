import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import type { Response } from "@google-cloud/functions-framework";
import type { HttpRequest } from "./http.ts";

/**
 * The largest body in bytes that a function accepts, by trigger, unless its row in the manifest sets another limit.
 * Public endpoints accept little: Discord's, Stripe's and Twitch's bodies stay below a hundred kilobytes. A Pub/Sub
 * push carries up to 10 MB of data as base64, and a task up to 1 MiB.
 * https://cloud.google.com/pubsub/quotas#resource_limits https://cloud.google.com/tasks/docs/quotas
 */
export const MAX_BODY_BYTES = {
  http: 1_000_000,
  topic: 14_000_000,
  queue: 2_000_000,
  schedule: 1_000_000,
} as const;

/** Why a request's body is refused: the response's status and error. */
interface BodyRefusal {
  readonly status: 400 | 413 | 415;
  readonly error: string;
}

/** A request's headers about its body before it was withheld. */
interface Announced {
  readonly "content-length"?: string | undefined;
  readonly "transfer-encoding"?: string | undefined;
}

/** How long the sender of a refused body has to read the response and hang up. */
const HANG_UP_AFTER_IDLE_MS = 2000;

const CUT_OFF: BodyRefusal = { status: 400, error: "The body ended before it was complete." };

const withheld = new WeakMap<object, Announced>();

/**
 * Hides from functions-framework that a request has a body. Otherwise its parsers would inflate and parse up to 1 GB
 * of it before our code runs. The server calls this before the framework receives a request; `receiveBody` reads
 * the body afterwards.
 */
export function withholdBody(request: IncomingMessage): void {
  const { headers } = request;
  const { "content-length": length, "transfer-encoding": transfer } = headers;
  withheld.set(request, {
    ...(length !== undefined && { "content-length": length }),
    ...(transfer !== undefined && { "transfer-encoding": transfer }),
  });
  delete headers["content-length"];
  delete headers["transfer-encoding"];
}

/**
 * Withholds the body of every request that any server in this process receives from now on: Node publishes each
 * request before its server sees it.
 * https://nodejs.org/api/diagnostics_channel.html#event-httpserverrequeststart
 */
export function withholdAllBodies(): void {
  subscribe("http.server.request.start", (message) => {
    withholdBody((message as { readonly request: IncomingMessage }).request);
  });
}

/**
 * Reads a withheld body into `rawBody` and restores the request's headers. False if the body is refused, because it
 * is encoded or too long; the refusal is then already sent. A refused body is never stored, inflated or parsed.
 * Throws if the body was not withheld.
 */
export async function receiveBody(
  request: HttpRequest,
  response: Response,
  maxBytes: number,
): Promise<boolean> {
  const announced = withheld.get(request);
  if (!announced) throw new Error("A request's body was not withheld from functions-framework.");
  Object.assign(request.headers, announced);
  const refusal = refusalOf(request, maxBytes);
  if (refusal) {
    if (Number(request.headers["content-length"]) <= maxBytes) answerShort(refusal, response);
    else answerLong(refusal, request, response);
    return false;
  }
  if (Object.keys(announced).length === 0) return true;
  const body = await readBytes(request, maxBytes);
  if (body === "too-long") answerLong(tooLong(maxBytes), request, response);
  else if (body === "cut-off") answerShort(CUT_OFF, response);
  else request.rawBody = body;
  return typeof body !== "string";
}

/** Refuses a short body, which Node then discards, so that its connection can serve the next request. */
function answerShort({ status, error }: BodyRefusal, response: Response): void {
  response.status(status).json({ error });
}

/**
 * Refuses a long body and leaves the rest unread, because reading it would take processor time from other requests.
 * The response is complete and asks the sender to hang up. `end` is not called: Node would close the connection at
 * once, and the sender might find it broken before reading the response. The sender closes it, or we do after it
 * has been idle for a while.
 */
function answerLong(
  { status, error }: BodyRefusal,
  request: HttpRequest,
  response: Response,
): void {
  const text = JSON.stringify({ error });
  response.writeHead(status, {
    connection: "close",
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(text),
  });
  response.write(text);
  request.socket.setTimeout(HANG_UP_AFTER_IDLE_MS, () => request.socket.destroy());
}

/** Why a body is refused by its headers. */
function refusalOf({ headers }: HttpRequest, maxBytes: number): BodyRefusal | undefined {
  const transfer = headers["transfer-encoding"] ?? "chunked";
  const isEncoded =
    headers["content-encoding"] !== undefined || transfer.toLowerCase() !== "chunked";
  if (isEncoded) {
    return { status: 415, error: "Send the body without a Content-Encoding." };
  }
  return Number(headers["content-length"] ?? 0) > maxBytes ? tooLong(maxBytes) : undefined;
}

function tooLong(maxBytes: number): BodyRefusal {
  return { status: 413, error: `The body is too large: at most ${maxBytes} bytes are accepted.` };
}

/** Reads a body's bytes. If there are too many, the rest stays unread. */
function readBytes(
  request: HttpRequest,
  maxBytes: number,
): Promise<Buffer | "too-long" | "cut-off"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (result: Buffer | "too-long" | "cut-off") => {
      request.off("data", take).off("end", end).off("close", cutOff);
      resolve(result);
    };
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= maxBytes) return;
      request.pause();
      finish("too-long");
    };
    const end = () => finish(Buffer.concat(chunks));
    const cutOff = () => finish("cut-off");
    // An error is followed by `close`; without a listener it would end the process.
    request.on("error", () => undefined);
    request.on("data", take).once("end", end).once("close", cutOff);
  });
}
