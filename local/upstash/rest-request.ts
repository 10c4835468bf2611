import type { IncomingMessage } from "node:http";
import type { Command } from "./engine.ts";
import { toBytes } from "./reply.ts";

/**
 * Upstash's maximum request size
 * (https://upstash.com/docs/redis/troubleshooting/max_request_size_exceeded).
 */
const MAX_REQUEST_BYTES = 10 * 1024 * 1024;

/** A parsed HTTP request. */
export interface RestRequest {
  /** The response to `single` is one object; to `pipeline` and `transaction` an array of them. */
  readonly kind: "single" | "pipeline" | "transaction";
  readonly commands: readonly Command[];
}

/** A request that Upstash refuses before running any of its commands. */
export class RefusedRequest extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Reads the whole body. Throws `RefusedRequest` when it exceeds Upstash's limit. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  if (length > MAX_REQUEST_BYTES) {
    const message = `ERR max request size exceeded. Limit: ${MAX_REQUEST_BYTES} bytes, Actual: ${length} bytes`;
    throw new RefusedRequest(400, message);
  }
  return Buffer.concat(chunks);
}

/**
 * Parses the commands of a request: a JSON array on `/`, an array of them on `/pipeline` and
 * `/multi-exec` (https://upstash.com/docs/redis/features/restapi). Throws `RefusedRequest`.
 */
export function parseRequest(path: string, body: Buffer): RestRequest {
  switch (path) {
    case "/":
      return { kind: "single", commands: [command(json(body, "command"), "command")] };
    case "/pipeline":
      return { kind: "pipeline", commands: commandList(body, "pipeline") };
    case "/multi-exec":
      return { kind: "transaction", commands: commandList(body, "multi-exec") };
    default:
      throw new RefusedRequest(404, "ERR not found");
  }
}

function commandList(body: Buffer, what: string): Command[] {
  const rows = json(body, what);
  if (!Array.isArray(rows)) throw unparsable(what);
  if (rows.length === 0) throw new RefusedRequest(400, `ERR empty ${what} request`);
  return rows.map((row) => command(row, what));
}

function command(row: unknown, what: string): Command {
  if (!Array.isArray(row)) throw unparsable(what);
  if (row.length === 0) throw new RefusedRequest(400, "ERR empty command");
  return row.map((part: unknown) => {
    if (typeof part === "string") return toBytes(part);
    if (typeof part === "boolean") return String(part);
    if (typeof part === "number") return String(part);
    if (part === null) throw new RefusedRequest(400, "ERR null args are not supported");
    throw unparsable(what);
  });
}

function json(body: Buffer, what: string): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw unparsable(what);
  }
}

function unparsable(what: string): RefusedRequest {
  return new RefusedRequest(400, `ERR failed to parse ${what} request`);
}
