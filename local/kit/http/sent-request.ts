/** A request as it is sent. */
export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  /** All headers, including those that `fetch` adds, with names in lower case. */
  readonly headers: readonly [string, string][];
  readonly body: Uint8Array | ReadableStream<Uint8Array> | undefined;
  readonly signal: AbortSignal | undefined;
}

/** The first argument of `fetch`. */
export type FetchInput = string | URL | Request;

/**
 * Headers that Node's `fetch` adds, except `accept-encoding`, because nothing here decodes
 * responses.
 */
const ADDED_HEADERS: readonly [string, string][] = [
  ["connection", "keep-alive"],
  ["accept", "*/*"],
  ["accept-language", "*"],
  ["sec-fetch-mode", "cors"],
  ["user-agent", "node"],
];

/** Requests with these methods send `content-length: 0` when they have no body. */
const NORMALIZED_METHODS = /^(?:delete|get|head|options|post|put)$/i;

/** Methods that send `content-length: 0` without a body. */
const METHODS_WITH_BODY = ["POST", "PUT", "PATCH"];

/** Interprets the arguments of `fetch`. Throws TypeError where `fetch` rejects with one. */
export async function readRequest(input: FetchInput, init: RequestInit = {}): Promise<SentRequest> {
  const given = input instanceof Request ? input : undefined;
  const method = init.method ?? given?.method ?? "GET";
  const headers = new Headers(init.headers ?? given?.headers);
  const body = await readBody(init.body, headers);
  const sent = body ?? given?.body ?? undefined;
  const url = input instanceof URL ? input : new URL(given?.url ?? String(input));
  return {
    method: NORMALIZED_METHODS.test(method) ? method.toUpperCase() : method,
    url,
    headers: completed(headers, url, bodyHeaders(sent, method.toUpperCase())),
    body: sent,
    signal: init.signal ?? given?.signal ?? undefined,
  };
}

/** The body's bytes, unless it is a stream. Sets the content type that the body's type implies. */
async function readBody(
  body: RequestInit["body"],
  headers: Headers,
): Promise<SentRequest["body"] | undefined> {
  if (body === undefined || body === null) return undefined;
  if (body instanceof Uint8Array) return body;
  if (body instanceof ReadableStream) return body;
  if (typeof body === "string") {
    addType(headers, "text/plain;charset=UTF-8");
    return Buffer.from(body);
  }
  const encoded = new Response(body);
  addType(headers, encoded.headers.get("content-type"));
  return new Uint8Array(await encoded.arrayBuffer());
}

function addType(headers: Headers, type: string | null): void {
  if (type !== null && !headers.has("content-type")) headers.set("content-type", type);
}

function bodyHeaders(body: SentRequest["body"], method: string): [string, string][] {
  if (body instanceof ReadableStream) return [["transfer-encoding", "chunked"]];
  if (body === undefined && !METHODS_WITH_BODY.includes(method)) return [];
  return [["content-length", String(body?.byteLength ?? 0)]];
}

function completed(
  headers: Headers,
  url: URL,
  forBody: readonly [string, string][],
): [string, string][] {
  headers.delete("content-length");
  headers.delete("transfer-encoding");
  const added = ADDED_HEADERS.filter(([name]) => !headers.has(name));
  const host = headers.has("host") ? [] : [["host", url.host] as [string, string]];
  return [...host, ...added, ...headers, ...forBody];
}
