import { type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { type HttpService, listen } from "../../local/kit/http/listen.ts";

const POLICY_HEADER = "content-security-policy";

/** A listener that passes the site on, so that the studio alone can frame it. */
export interface Frames {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Serves the site unchanged but for one header: its pages allow nobody to frame them, here they allow the studio. Only
 * requests to this listener's own name are answered, so that a name that was rebound to this machine reads nothing.
 * @param studioOrigin the origin of the studio's page
 */
export async function startFrames(siteUrl: string, studioOrigin: string): Promise<Frames> {
  let served = "";
  const service: HttpService = await listen((incoming, outgoing) => {
    if (incoming.headers.host === served) {
      passOn(incoming, outgoing, { siteUrl, studioOrigin });
      return;
    }
    outgoing.writeHead(403, { "content-type": "text/plain" });
    outgoing.end(`This address is served as ${served} only.\n`);
  });
  served = new URL(service.url).host;
  return { url: service.url, stop: () => service.stop() };
}

function passOn(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { siteUrl, studioOrigin }: { readonly siteUrl: string; readonly studioOrigin: string },
): void {
  const site = new URL(siteUrl);
  const { hostname, port } = site;
  const passed = send(
    {
      hostname,
      port,
      path: incoming.url,
      method: incoming.method,
      headers: { ...incoming.headers, host: site.host },
    },
    (answer) => {
      const policy = answer.headers[POLICY_HEADER];
      const headers =
        typeof policy === "string"
          ? { ...answer.headers, [POLICY_HEADER]: framedBy(policy, studioOrigin) }
          : answer.headers;
      outgoing.writeHead(answer.statusCode ?? 502, headers);
      answer.pipe(outgoing);
    },
  );
  passed.on("error", () => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502).end("The site does not answer.\n");
  });
  outgoing.once("close", () => passed.destroy());
  incoming.pipe(passed);
}

/** The policy with another `frame-ancestors`; everything else of it stays. */
function framedBy(policy: string, origin: string): string {
  const others = policy.split(/; */).filter((rule) => !rule.startsWith("frame-ancestors"));
  return [...others, `frame-ancestors ${origin}`].join("; ");
}
