import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { LocalClock } from "../kit/clock.ts";
import type { Fault, FaultPlan } from "../kit/faults.ts";
import type { Engine } from "./engine.ts";
import type { JsonValue } from "./json.ts";
import { isError, type Reply } from "./reply.ts";
import { answer, type ReplyEncoding } from "./reply-json.ts";
import { parseRequest, RefusedRequest, type RestRequest, readBody } from "./rest-request.ts";

/** What the REST protocol needs. */
export interface RestOptions {
  readonly engine: Engine;
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** The bearer token that every request must carry. */
  readonly token: string;
  /** Resolves when the database answers again; immediately if it does. */
  readonly whenReady: () => Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: JsonValue;
}

/**
 * Serves the Upstash REST protocol for an engine. Planned faults apply per HTTP request; the
 * operation is the command's name ("EVALSHA"), or all names as in "PIPELINE GET SET" and
 * "MULTI-EXEC INCR".
 */
export function restListener(options: RestOptions): RequestListener {
  let served = 0;
  return (request, response) => {
    const syncToken = Buffer.from(`0:${++served}`).toString("base64");
    handle(options, request, response).then(
      (result) => result && send(request, response, result, syncToken),
      (error: unknown) => send(request, response, failure(error), syncToken),
    );
  };
}

/** The response to a request, or undefined when a fault has broken the connection. */
async function handle(
  options: RestOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Answer | undefined> {
  const body = await readBody(request);
  if (request.method !== "POST") throw new RefusedRequest(405, "ERR method not allowed");
  if (!authorised(request, options.token)) {
    throw new RefusedRequest(401, "WRONGPASS invalid or missing auth token");
  }
  const parsed = parseRequest(request.url ?? "/", body);
  const fault = await options.faults.apply(options.clock, "upstash", operation(parsed));
  if (fault?.kind === "drop") return cut(request);
  if (fault?.kind === "fail") return refuseByFault(fault, response);
  await options.whenReady();
  const result = await run(options.engine, parsed, encodingOf(request));
  return fault?.kind === "lose-answer" ? cut(request) : result;
}

async function run(
  engine: Engine,
  { kind, commands }: RestRequest,
  encoding: ReplyEncoding,
): Promise<Answer> {
  if (kind === "transaction") {
    const reply = await engine.runAtomically(commands);
    return Array.isArray(reply) ? many(reply, encoding) : one(reply, encoding);
  }
  const replies = await engine.run(commands);
  return kind === "pipeline" ? many(replies, encoding) : one(replies[0] ?? null, encoding);
}

function one(reply: Reply, encoding: ReplyEncoding): Answer {
  return { status: isError(reply) ? 400 : 200, body: answer(reply, encoding) };
}

function many(replies: readonly Reply[], encoding: ReplyEncoding): Answer {
  return { status: 200, body: replies.map((reply) => answer(reply, encoding)) };
}

function operation({ kind, commands }: RestRequest): string {
  const names = commands.map(([name = ""]) => name.toUpperCase()).join(" ");
  if (kind === "single") return names;
  return `${kind === "pipeline" ? "PIPELINE" : "MULTI-EXEC"} ${names}`;
}

function authorised(request: IncomingMessage, token: string): boolean {
  return /^bearer (.*)$/i.exec(request.headers.authorization ?? "")?.[1] === token;
}

function encodingOf(request: IncomingMessage): ReplyEncoding {
  return request.headers["upstash-encoding"] === "base64" ? "base64" : "text";
}

function cut(request: IncomingMessage): undefined {
  request.socket.destroy();
}

function refuseByFault(fault: Fault & { kind: "fail" }, response: ServerResponse): Answer {
  if (fault.retryAfterMs !== undefined) {
    response.setHeader("retry-after", Math.ceil(fault.retryAfterMs / 1000));
  }
  return { status: fault.code, body: { error: `ERR the database is unavailable (${fault.code})` } };
}

function failure(error: unknown): Answer {
  if (error instanceof RefusedRequest)
    return { status: error.status, body: { error: error.message } };
  return { status: 500, body: { error: `ERR ${error instanceof Error ? error.message : error}` } };
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, body }: Answer,
  syncToken: string,
): void {
  if (request.socket.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "upstash-sync-token": syncToken,
  });
  response.end(text);
}
