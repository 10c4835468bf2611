import { createServer } from "node:net";
import type { Place } from "../kit/http/listen.ts";
import type { Network } from "../kit/http/network.ts";

/** A service of the local cloud; `docs/reference/local-services.md` is generated from it. */
interface LocalService {
  readonly does: string;
  /** The variable that names another server instead, with an example value. */
  readonly replacedBy?: readonly [variable: string, example: string];
  /** Further settings that the other server needs. */
  readonly alongWith?: string;
}

/** Services with their own port, in the order of the ports. */
export const localServices = {
  control: { does: "The front page, and control of the clock and of faults." },
  site: {
    does: "Emulates Firebase Hosting: the public site, with the rewrites of `firebase.json`.",
  },
  functions: { does: "The functions, each below its name." },
  discord: {
    does: "Simulates Discord: servers, members, messages, buttons, forms and rate limits.",
    replacedBy: ["DISCORD_API_BASE_URL", "https://discord.com/api"],
    alongWith: "the `DISCORD_…` settings",
  },
  stripe: {
    does: "Simulates Stripe: Checkout with its pages, Connect, refunds, disputes and webhooks.",
    replacedBy: ["STRIPE_API_BASE_URL", "https://api.stripe.com"],
    alongWith: "the `STRIPE_…` settings",
  },
  twitch: {
    does: "Simulates Twitch: sign-in, streams, videos and EventSub.",
    replacedBy: ["TWITCH_API_BASE_URL", "https://api.twitch.tv/helix"],
    alongWith: "`TWITCH_AUTH_BASE_URL` and the other `TWITCH_…` settings",
  },
  shops: { does: "Simulates a shop of each merch provider, which sells and refunds." },
  firestore: {
    does: "Emulates Firestore over gRPC.",
    replacedBy: ["FIRESTORE_EMULATOR_HOST", "127.0.0.1:8080"],
  },
  firestoreAdmin: { does: "Emulates Firestore's Admin API: indexes." },
  pubsub: {
    does: "Emulates Pub/Sub with its push subscriptions.",
    replacedBy: ["PUBSUB_EMULATOR_HOST", "127.0.0.1:8085"],
  },
  tasks: {
    does: "Emulates Cloud Tasks.",
    replacedBy: ["CLOUD_TASKS_EMULATOR_HOST", "127.0.0.1:8123"],
  },
  upstash: {
    does: "Emulates Upstash's REST API, on `redis-server` if one is installed.",
    replacedBy: ["UPSTASH_REDIS_REST_URL", "https://NAME.upstash.io"],
    alongWith: "`UPSTASH_REDIS_REST_TOKEN`",
  },
  secrets: {
    does: "Emulates Secret Manager.",
    replacedBy: ["SECRET_MANAGER_EMULATOR_HOST", "127.0.0.1:8200"],
  },
  run: { does: "The functions behind Cloud Run's check of identity tokens." },
  project: {
    does: "Emulates Google's project APIs: number, quotas, and access policies.",
    replacedBy: ["CLOUD_QUOTAS_EMULATOR_HOST", "127.0.0.1:8300"],
  },
  upstashAccount: { does: "Emulates Upstash's management API, which creates databases." },
} as const satisfies Readonly<Record<string, LocalService>>;

export type PortName = keyof typeof localServices;
/** Services that another server can replace. */
export type Replaceable = {
  [N in PortName]: (typeof localServices)[N] extends { readonly replacedBy: unknown } ? N : never;
}[PortName];
/** Services with their own port, in the order of the ports. */
export const portNames = Object.keys(localServices) as PortName[];

/** Describes a service. */
export function localService(name: PortName): LocalService {
  return localServices[name];
}

export type Ports = Readonly<Record<PortName, number>>;

/** Lower ports are reserved for the system: https://www.rfc-editor.org/rfc/rfc6335#section-6 */
const LOWEST_PORT = 1024;
const HIGHEST_PORT = 65_535;

/** Consecutive ports for all services; undefined if they would exceed the valid range. */
export function portsFrom(first: number): Ports | undefined {
  const isPossible =
    Number.isInteger(first) && first >= LOWEST_PORT && first + portNames.length - 1 <= HIGHEST_PORT;
  if (!isPossible) return undefined;
  return Object.fromEntries(portNames.map((name, index) => [name, first + index])) as Ports;
}

/** Where to serve a service: under its name on a network, on its planned port, or on a free one. */
export function placeOf(
  name: PortName,
  { ports, network }: { readonly ports?: Ports; readonly network?: Network },
): Place {
  const host = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (network) return { listen: network.listenAs(`${host}.test`) };
  return ports ? { port: ports[name] } : {};
}

/** The ports on which another program listens. */
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
