import { createServer } from "node:net";
import type { Place } from "./kit/http.ts";
import type { Network } from "./kit/network.ts";

/** What is known of a service of the local cloud; `docs/reference/local-services.md` is made from it. */
interface LocalService {
  readonly does: string;
  /** The variable that names another server in its place, with an example. */
  readonly replacedBy?: readonly [variable: string, example: string];
  /** Further settings that the other server needs. */
  readonly alongWith?: string;
}

/** What listens on a port of its own, in the order of the ports. */
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
  shops: { does: "Simulates a Ko-fi page and a Shopify shop, which sell and refund." },
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
    does: "Emulates what Google says of a project: its number, quotas, and who may call what.",
    replacedBy: ["CLOUD_QUOTAS_EMULATOR_HOST", "127.0.0.1:8300"],
  },
  upstashAccount: { does: "Emulates Upstash's management API, which creates databases." },
} as const satisfies Readonly<Record<string, LocalService>>;

export type PortName = keyof typeof localServices;
/** What listens on a port of its own, in the order of the ports. */
export const portNames = Object.keys(localServices) as PortName[];

/** What is known of a service beside its name. */
export function localService(name: PortName): LocalService {
  return localServices[name];
}

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
