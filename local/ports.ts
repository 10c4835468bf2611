import { createServer } from "node:net";
import type { Place } from "./kit/http.ts";
import type { Network } from "./kit/network.ts";

/** What listens on a port of its own, in the order of the ports. */
export const portNames = [
  ...(["control", "site", "functions", "discord", "stripe", "twitch", "shops"] as const),
  ...(["firestore", "firestoreAdmin", "pubsub", "tasks", "upstash", "secrets"] as const),
  ...(["run", "project", "upstashAccount"] as const),
] as const;
export type PortName = (typeof portNames)[number];
export type Ports = Readonly<Record<PortName, number>>;

/** https://www.rfc-editor.org/rfc/rfc6335#section-6: below are the system's own. */
const LOWEST_PORT = 1024;
const HIGHEST_PORT = 65_535;

/** A port for each, one after the other; undefined where they would not all be ports. */
export function portsFrom(first: number): Ports | undefined {
  const isPossible =
    Number.isInteger(first) && first >= LOWEST_PORT && first + portNames.length - 1 <= HIGHEST_PORT;
  if (!isPossible) return undefined;
  return Object.fromEntries(portNames.map((name, index) => [name, first + index])) as Ports;
}

/** Where a service is served: by its name on a network, at its port of a plan, or else at a free one. */
export function placeOf(
  name: PortName,
  { ports, network }: { readonly ports?: Ports; readonly network?: Network },
): Place {
  const host = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (network) return { listen: network.listenAs(`${host}.test`) };
  return ports ? { port: ports[name] } : {};
}

/** Those of the ports that another program listens on. */
export async function takenOf(ports: Ports): Promise<number[]> {
  const taken: number[] = [];
  for (const port of Object.values(ports)) if (!(await isFree(port))) taken.push(port);
  return taken;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
