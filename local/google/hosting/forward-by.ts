import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import type { InProcessFetch } from "../../kit/http/in-process.ts";
import { BAD_GATEWAY, forwardedHeaders, withoutConnection } from "./forward.ts";

/** Forwards a request by a `fetch` that does not decode bodies, such as a network's. */
export function forwardBy(
  fetch: InProcessFetch,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  functionUrl: string,
): void {
  pass(fetch, incoming, outgoing, functionUrl).catch(() => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(BAD_GATEWAY.status).end(BAD_GATEWAY.text);
  });
}

async function pass(
  fetch: InProcessFetch,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  functionUrl: string,
): Promise<void> {
  const abort = new AbortController();
  outgoing.once("close", () => abort.abort());
  const bytes = await bytesOf(incoming);
  const answer = await fetch(`${functionUrl}${incoming.url ?? "/"}`, {
    method: incoming.method ?? "GET",
    headers: forwardedHeaders(incoming).map(([name, value]) => [name, String(value)]),
    ...(bytes.length > 0 && { body: new Uint8Array(bytes) }),
    redirect: "manual",
    signal: abort.signal,
  });
  const cookies = answer.headers.getSetCookie();
  const headers = withoutConnection({
    ...Object.fromEntries(answer.headers),
    ...(cookies.length > 0 && { "set-cookie": cookies }),
  });
  outgoing.writeHead(answer.status, headers);
  if (answer.body) for await (const piece of answer.body) outgoing.write(piece);
  outgoing.end();
}

async function bytesOf(incoming: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece);
  return Buffer.concat(pieces);
}
