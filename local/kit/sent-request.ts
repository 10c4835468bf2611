/** A request as it goes over the wire. */
export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  /** All of them, those included that `fetch` adds; names are in lower case. */
  readonly headers: readonly [string, string][];
  readonly body: Uint8Array | ReadableStream<Uint8Array> | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What `fetch` is given. */
export type FetchInput = string | URL | Request;

/** What `fetch` adds to a request in Node, but for `accept-encoding`: nothing here decodes answers. */
const ADDED_HEADERS: readonly [string, string][] = [
  ["connection", "keep-alive"],
  ["accept", "*/*"],
  ["accept-language", "*"],
  ["sec-fetch-mode", "cors"],
  ["user-agent", "node"],
];

/** https://fetch.spec.whatwg.org/#concept-method-normalize */
const NORMALIZED_METHODS = /^(?:delete|get|head|options|post|put)$/i;

/** These announce that there is no body. */
const METHODS_WITH_BODY = ["POST", "PUT", "PATCH"];

/** Reads the arguments of `fetch`, as `fetch` does. Throws TypeError where it would reject with one. */
export async function readRequest(input: FetchInput, init: RequestInit = {}): Promise<SentRequest> {
  const given = input instanceof Request ? input : undefined;
  const method = init.method ?? given?.method ?? "GET";
  const headers = new Headers(init.headers ?? given?.headers);
  const body = await readBody(init.body, headers);
  const sent = body ?? given?.body ?? undefined;
  const url = new URL(input instanceof Request ? input.url : input);
  return {
    method: NORMALIZED_METHODS.test(method) ? method.toUpperCase() : method,
    url,
    headers: completed(headers, url, announcement(sent, method.toUpperCase())),
    body: sent,
    signal: init.signal ?? given?.signal ?? undefined,
  };
}

/** The bytes where they are known; sets the content type that the kind of a body implies. */
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

function announcement(body: SentRequest["body"], method: string): [string, string][] {
  if (body instanceof ReadableStream) return [["transfer-encoding", "chunked"]];
  if (body === undefined && !METHODS_WITH_BODY.includes(method)) return [];
  return [["content-length", String(body?.byteLength ?? 0)]];
}

function completed(
  headers: Headers,
  url: URL,
  announced: readonly [string, string][],
): [string, string][] {
  headers.delete("content-length");
  headers.delete("transfer-encoding");
  const added = ADDED_HEADERS.filter(([name]) => !headers.has(name));
  const host = headers.has("host") ? [] : [["host", url.host] as [string, string]];
  return [...host, ...added, ...headers, ...announced];
}
