import { type IncomingMessage, type ServerResponse, request as send } from "node:http";

/** https://firebase.google.com/docs/hosting/manage-cache#using_cookies */
const PASSED_COOKIE = /^__session=/;
/** Hop-by-hop headers: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const HOP_BY_HOP_HEADERS = ["connection", "keep-alive", "transfer-encoding", "upgrade"];

/** The response when a function does not answer. */
export const BAD_GATEWAY = { status: 502, text: "The function does not answer.\n" } as const;

/**
 * Forwards a request and its response byte by byte. Answers 502 when the function does not answer.
 */
export function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  functionUrl: string,
): void {
  const passed = send(
    `${functionUrl}${incoming.url ?? "/"}`,
    {
      ...(incoming.method ? { method: incoming.method } : {}),
      headers: Object.fromEntries(forwardedHeaders(incoming)),
    },
    (answer) => {
      outgoing.writeHead(
        answer.statusCode ?? BAD_GATEWAY.status,
        withoutConnection(answer.headers),
      );
      answer.pipe(outgoing);
    },
  );
  passed.on("error", () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(BAD_GATEWAY.status).end(BAD_GATEWAY.text);
  });
  outgoing.once("close", () => passed.destroy());
  incoming.pipe(passed);
}

/** The request headers that a function receives, including the client's address. */
export function forwardedHeaders({
  headers: sent,
  socket,
}: IncomingMessage): [string, string | string[] | undefined][] {
  const { host, cookie, ...headers } = withoutConnection(sent);
  const session = cookie?.split(/; */).find((pair) => PASSED_COOKIE.test(pair));
  return Object.entries({
    ...headers,
    ...(session ? { cookie: session } : {}),
    "x-forwarded-host": host ?? "",
    "x-forwarded-for": socket.remoteAddress ?? "",
  });
}

/** The headers without hop-by-hop ones. */
export function withoutConnection(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP_HEADERS.includes(name));
  return Object.fromEntries(kept);
}
