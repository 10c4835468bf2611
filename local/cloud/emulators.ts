import { type DiscordSimulator, startDiscord } from "../discord/index.ts";
import type { LocalFunctions } from "../functions/index.ts";
import type { Invokers } from "../functions/invoker.ts";
import { type FirestoreEmulator, startFirestore } from "../google/firestore/index.ts";
import { type ProjectEmulator, startProject } from "../google/project/index.ts";
import { type PubSubEmulator, startPubSub } from "../google/pubsub/index.ts";
import { type SecretsEmulator, startSecrets } from "../google/secrets/index.ts";
import { startTasks, type TasksEmulator } from "../google/tasks/index.ts";
import type { LocalClock } from "../kit/clock.ts";
import type { FaultPlan } from "../kit/faults.ts";
import { type StripeSimulator, startStripe } from "../stripe/index.ts";
import { startTwitch, type TwitchSimulator } from "../twitch/index.ts";
import { startUpstash, type Upstash } from "../upstash/index.ts";
import { startUpstashManagement, type UpstashManagement } from "../upstash/management.ts";
import type { CloudOptions } from "./cloud.ts";
import { community } from "./community.ts";
import { localServices, type PortName, placeOf, type Replaceable } from "./ports.ts";
import { type CloudSecrets, stripeEndpoints } from "./secrets.ts";
import { indexDefinitions, queuePlans } from "./wiring.ts";

/** An emulator is undefined where the environment names another server. */
export interface Emulators {
  readonly firestore: FirestoreEmulator | undefined;
  readonly pubsub: PubSubEmulator | undefined;
  readonly tasks: TasksEmulator | undefined;
  readonly vault: SecretsEmulator | undefined;
  readonly project: ProjectEmulator | undefined;
  readonly upstash: Upstash | undefined;
  readonly upstashManagement: UpstashManagement | undefined;
  readonly discord: DiscordSimulator | undefined;
  readonly stripe: StripeSimulator | undefined;
  readonly twitch: TwitchSimulator | undefined;
}

/** The account of Upstash's management API. */
export const UPSTASH_EMAIL = "local@upstash.example";

/** What emulators need of their cloud, and where its functions and its site are. */
export interface EmulatorParts {
  readonly options: CloudOptions;
  readonly given: Readonly<Record<string, string | undefined>>;
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly projectId: string;
  readonly region: string;
  readonly secrets: CloudSecrets;
  readonly invokers: Invokers;
  readonly functions: LocalFunctions;
  readonly siteUrl: string;
}

/** What all emulators are started with, and how. */
function commonOf({ options, given, clock, faults }: EmulatorParts) {
  return {
    common: { clock, faults, state: options.state, fetch: options.network?.fetch },
    at: (name: PortName) => placeOf(name, options),
    startUnlessReplaced: async <T>(name: Replaceable, start: () => Promise<T>) => {
      const [variable] = localServices[name].replacedBy;
      return given[variable] ? undefined : start();
    },
  };
}

/** Starts an emulator or a simulator of each service that the environment does not name. */
export async function startEmulators(parts: EmulatorParts): Promise<Emulators> {
  const { projectId, region, invokers, siteUrl } = parts;
  const { common, at, startUnlessReplaced } = commonOf(parts);
  const vault = await startUnlessReplaced("secrets", () =>
    startSecrets({ ...common, ...at("secrets"), projectId }),
  );
  const project = await startUnlessReplaced("project", () =>
    startProject({ ...common, ...at("project"), projectId, region, invokers, siteUrl }),
  );
  const [google, others] = await Promise.all([startGoogle(parts), startOthers(parts)]);
  const upstashManagement = await startManagement(parts, others.upstash);
  return { vault, project, ...google, ...others, upstashManagement };
}

async function startGoogle(
  parts: EmulatorParts,
): Promise<Pick<Emulators, "firestore" | "pubsub" | "tasks">> {
  const { options, projectId, region } = parts;
  const { ports, isListening } = options;
  const { common, startUnlessReplaced } = commonOf(parts);
  const [firestore, pubsub, tasks] = await Promise.all([
    startUnlessReplaced("firestore", () =>
      startFirestore({
        ...common,
        isListening,
        ...(ports ? { port: ports.firestore, adminPort: ports.firestoreAdmin } : {}),
        indexes: indexDefinitions(),
      }),
    ),
    startUnlessReplaced("pubsub", () =>
      startPubSub({ ...common, isListening, ...(ports ? { port: ports.pubsub } : {}) }),
    ),
    startUnlessReplaced("tasks", () =>
      startTasks({
        ...common,
        isListening,
        ...(ports ? { port: ports.tasks } : {}),
        projectId,
        location: region,
        queues: queuePlans(),
      }),
    ),
  ]);
  return { firestore, pubsub, tasks };
}

async function startOthers(
  parts: EmulatorParts,
): Promise<Pick<Emulators, "upstash" | "discord" | "stripe" | "twitch">> {
  const { options, given, projectId, secrets, functions, siteUrl } = parts;
  const { common, at, startUnlessReplaced } = commonOf(parts);
  // A redis-server needs a socket, so a network uses the embedded engine.
  const engine = options.redisEngine ?? (options.network ? "embedded" : undefined);
  const [upstash, discord, stripe, twitch] = await Promise.all([
    startUnlessReplaced("upstash", () =>
      startUpstash({
        ...common,
        ...at("upstash"),
        token: secrets.redis,
        ...(engine ? { engine } : {}),
      }),
    ),
    startUnlessReplaced("discord", () =>
      startDiscord({
        ...common,
        ...at("discord"),
        applicationId: community.applicationId,
        botToken: secrets.botToken,
        clientSecret: secrets.discordClient,
        redirectUris: [`${given.PUBLIC_SITE_URL || siteUrl}/discord/callback`],
        rateLimits: options.rateLimits ?? true,
      }),
    ),
    startUnlessReplaced("stripe", () =>
      startStripe({
        ...common,
        ...at("stripe"),
        secretKey: secrets.stripe,
        readKey: secrets.stripeReading,
        endpoints: stripeEndpoints(`${functions.url}/stripe-webhook`, projectId, secrets),
      }),
    ),
    startUnlessReplaced("twitch", () =>
      startTwitch({
        ...common,
        ...at("twitch"),
        clientId: "c500-local",
        clientSecret: secrets.twitchClient,
        redirectUris: [`${given.PUBLIC_SITE_URL || siteUrl}/twitch/callback`],
      }),
    ),
  ]);
  return { upstash, discord, stripe, twitch };
}

async function startManagement(
  parts: EmulatorParts,
  redis: Upstash | undefined,
): Promise<UpstashManagement | undefined> {
  const { common, at } = commonOf(parts);
  const account = { email: UPSTASH_EMAIL, apiKey: parts.secrets.upstashAccount };
  return redis && startUpstashManagement({ ...common, ...at("upstashAccount"), ...account, redis });
}
