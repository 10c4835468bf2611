import { type IncomingMessage, type ServerResponse, request as send } from "node:http";

/** https://firebase.google.com/docs/hosting/manage-cache#using_cookies */
const PASSED_COOKIE = /^__session=/;
/** Headers that concern one connection: https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1 */
const OF_THE_CONNECTION = ["connection", "keep-alive", "transfer-encoding", "upgrade"];

/** Passes a request on as it came, byte by byte, and its answer back. 502 where nothing answers. */
export function forward(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  functionUrl: string,
): void {
  const { host, cookie, ...headers } = withoutConnection(incoming.headers);
  const session = cookie?.split(/; */).find((pair) => PASSED_COOKIE.test(pair));
  const passed = send(
    `${functionUrl}${incoming.url ?? "/"}`,
    {
      ...(incoming.method ? { method: incoming.method } : {}),
      headers: {
        ...headers,
        ...(session ? { cookie: session } : {}),
        "x-forwarded-host": host ?? "",
        "x-forwarded-for": incoming.socket.remoteAddress ?? "",
      },
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
      answer.pipe(outgoing);
    },
  );
  passed.on("error", () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end("The function does not answer.\n");
  });
  outgoing.once("close", () => passed.destroy());
  incoming.pipe(passed);
}

function withoutConnection(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const kept = Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name));
  return Object.fromEntries(kept);
}
