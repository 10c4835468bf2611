import { type IncomingMessage, type ServerResponse, request as send } from "node:http";

/** https://firebase.google.com/docs/hosting/manage-cache#using_cookies */
const PASSED_COOKIE = /^__session=/;
/** Headers that concern one connection: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const OF_THE_CONNECTION = ["connection", "keep-alive", "transfer-encoding", "upgrade"];

/** What is answered in place of a function that does not answer. */
export const NO_ANSWER = { status: 502, text: "The function does not answer.\n" } as const;

/** Passes a request on as it came, byte by byte, and its answer back. 502 where nothing answers. */
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
      outgoing.writeHead(answer.statusCode ?? NO_ANSWER.status, withoutConnection(answer.headers));
      answer.pipe(outgoing);
    },
  );
  passed.on("error", () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(NO_ANSWER.status).end(NO_ANSWER.text);
  });
  outgoing.once("close", () => passed.destroy());
  incoming.pipe(passed);
}

/** What a function is sent of a request's headers, and who sent it. */
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

/** The headers that are of the message, not of its connection. */
export function withoutConnection(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const kept = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name));
  return Object.fromEntries(kept);
}
