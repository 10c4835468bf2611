import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A listening HTTP server of the local cloud. */
export interface HttpService {
  /** "http://127.0.0.1:PORT", or "https://NAME" on a network; without a trailing slash. */
  readonly url: string;
  /** The server, for WebSocket upgrades; undefined where there are no sockets. */
  readonly server?: Server;
  /** Closes the port and terminates every connection. */
  stop(): Promise<void>;
}

/** Serves a listener: on a port, or under a name of a `Network`, which has no ports. */
export type Listen = (listener: RequestListener, port?: number) => Promise<HttpService>;

/** Where to serve a service: on a socket by default. */
export interface Place {
  /** A free port by default. */
  readonly port?: number;
  readonly listen?: Listen | undefined;
}

/** Serves a listener at a place. */
export function serveAt(
  { port, listen: serve = listen }: Place,
  listener: RequestListener,
): Promise<HttpService> {
  return serve(listener, port);
}

/** Listens on 127.0.0.1, on a free port by default. */
export const listen: Listen = (listener, port = 0) => listenWith(createServer(listener), port);

/** Listens with an existing server. */
export async function listenWith(server: Server, port = 0): Promise<HttpService> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    server,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
