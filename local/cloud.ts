import type { LogWriter } from "../shared/runtime/log.ts";
import { refuseUnknownNames } from "../tools/checks/setting-names.ts";
import { refuseUnknownRegion } from "../tools/checks/values.ts";
import { keepSecrets, makeSecrets, stripeEndpoints } from "./cloud-secrets.ts";
import { settingsOf } from "./cloud-settings.ts";
import { community, furnishCommunity } from "./community.ts";
import { generateKeys } from "./discord/client/keys.ts";
import { type DiscordSimulator, startDiscord } from "./discord/index.ts";
import { type FirestoreEmulator, startFirestore } from "./firestore/index.ts";
import { instantiate } from "./functions/bundle.ts";
import { connectInProcess } from "./functions/connect.ts";
import { type LocalFunctions, openFunctions } from "./functions/index.ts";
import { invokersOf } from "./functions/invoker.ts";
import { startHosting } from "./hosting/index.ts";
import { LocalClock } from "./kit/clock.ts";
import { environment, exportVariables } from "./kit/environment.ts";
import { FaultPlan, seededRandom } from "./kit/faults.ts";
import type { Network } from "./kit/network.ts";
import type { PersistentState } from "./kit/persistent-state.ts";
import { type PortName, type Ports, placeOf } from "./ports.ts";
import { type ProjectEmulator, startProject } from "./project/index.ts";
import { type PubSubEmulator, startPubSub } from "./pubsub/index.ts";
import { provision } from "./pubsub/provision.ts";
import { type SchedulerEmulator, startScheduler } from "./scheduler/index.ts";
import { type SecretsEmulator, startSecrets } from "./secrets/index.ts";
import { type ShopsSimulator, startShops } from "./shops/index.ts";
import { type StripeSimulator, startStripe } from "./stripe/index.ts";
import { startTasks, type TasksEmulator } from "./tasks/index.ts";
import { startTwitch, type TwitchSimulator } from "./twitch/index.ts";
import { startUpstash, type Upstash, type UpstashOptions } from "./upstash/index.ts";
import { startUpstashManagement, type UpstashManagement } from "./upstash/management.ts";
import { indexDefinitions, pubSubPlan, queuePlans, schedules } from "./wiring.ts";

/** How a local cloud is started. */
export interface CloudOptions {
  readonly projectId?: string;
  /** The state that an earlier run left and a later one continues; without it nothing is kept. */
  readonly state?: PersistentState;
  /** Where the functions' log lines go, each with its time; nowhere by default. */
  readonly log?: LogWriter;
  readonly redisEngine?: UpstashOptions["engine"];
  /** Seeds the plan of faults, which is empty until rules are added. */
  readonly seed?: number;
  /** Whether Discord counts calls; it does unless told. Waiting for it takes real time. */
  readonly rateLimits?: boolean;
  /** Settings that win over the emulators' own; the process's environment unless told. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where each service listens; on free ports by default. */
  readonly ports?: Ports;
  /**
   * Serves everything that speaks HTTP by its name on this network ("https://discord.test"), and makes all
   * HTTP calls over it, the functions' included. The functions call Google's emulators directly; these still
   * listen for others over gRPC. The clock stands but for what is waited for, and all that the functions draw
   * follows from the seed.
   */
  readonly network?: Network;
  /** The time of everything; one that stands on a network, else one that runs, unless told. */
  readonly clock?: LocalClock;
  /** Whether Google's emulators listen for gRPC; they do unless told. */
  readonly isListening?: boolean;
  /** What goes wrong; a plan without rules unless told. */
  readonly faults?: FaultPlan;
  /** What runs the functions; one instance of each unless told. */
  readonly openFunctions?: typeof openFunctions;
}

/**
 * A whole cloud on this machine. A emulator is undefined where the environment named another server
 * in its place.
 */
export interface Cloud {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly functions: LocalFunctions;
  /** Reaches everything that this cloud serves over HTTP. */
  readonly fetch: typeof fetch;
  /** Every setting the functions were given, and the emulator variables Google's clients read. */
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly discord: DiscordSimulator | undefined;
  /** Signs interactions, PKCS #8 in PEM; useless where the environment gave another public key. */
  readonly discordPrivateKey: string;
  readonly stripe: StripeSimulator | undefined;
  readonly twitch: TwitchSimulator | undefined;
  /** A shop at each provider of merch. They only send: there is no other server to name in their place. */
  readonly shops: ShopsSimulator;
  readonly secrets: SecretsEmulator | undefined;
  /** What Google says of the project: its number and quotas. */
  readonly project: ProjectEmulator | undefined;
  /** Opens a project's Firestore without gRPC. */
  readonly databaseOf: FirestoreEmulator["databaseOf"] | undefined;
  /** Follows what is written to Firestore. */
  readonly onCommit: FirestoreEmulator["onCommit"] | undefined;
  readonly pubsub: PubSubEmulator | undefined;
  readonly tasks: TasksEmulator | undefined;
  readonly scheduler: SchedulerEmulator;
  readonly upstash: Upstash | undefined;
  /** Upstash's account, where databases are made. */
  readonly upstashManagement: UpstashManagement | undefined;
  /**
   * Resolves once nothing is under way; what waits for a later time stays waiting. Of another
   * Pub/Sub nobody can know: then it takes a while without a call for the end.
   */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** When a clock that stands begins: 2026-06-01T12:00:00Z, a Monday. */
const STARTS_AT_MS = Date.UTC(2026, 5, 1, 12);

/** How long another Pub/Sub takes at the most, on a busy machine, to deliver what it has. */
const QUIET_MS = 1000;

/** Cloud Logging keeps the time with each line. */
function timed(line: string, now: Date): string {
  return `{"time":"${now.toISOString()}",${line.slice(1)}`;
}

/**
 * Starts the functions and an emulator or simulator of each service that the environment does not name.
 * Variables in the environment win over those that the emulators and simulators would set, one by one. Throws
 * ConfigError where one is malformed, or looks like a setting but is unknown.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const { network } = options;
  const clock = options.clock ?? new LocalClock(network ? { standsAtMs: STARTS_AT_MS } : {});
  const faults = options.faults ?? new FaultPlan(options.seed);
  const projectId = options.projectId ?? "c500-local";
  const region = "us-central1";
  const given = options.environment ?? environment;
  refuseUnknownNames(given);
  refuseUnknownRegion(given);
  const unlessGiven = async <T>(name: string, start: () => Promise<T>) =>
    given[name] ? undefined : start();

  const { state } = options;
  if (state) clock.persistIn(state);
  const { ports, isListening } = options;
  const reach = network?.fetch ?? fetch;
  const common = { clock, faults, state, fetch: network?.fetch };
  const at = (name: PortName) => placeOf(name, options);
  let secrets = makeSecrets(given);
  state?.part(
    "secrets",
    () => secrets,
    (saved) => {
      // A provider may have been added since.
      secrets = { ...saved, shops: { ...secrets.shops, ...saved.shops } };
    },
  );

  const { log: write } = options;
  const random = seededRandom(options.seed ?? 1);
  const invokers = invokersOf(projectId);
  const functions = await (options.openFunctions ?? openFunctions)({
    clock,
    write: write ? (line) => write(timed(line, clock.now())) : () => undefined,
    random,
    code: options.openFunctions
      ? undefined
      : network && instantiate({ clock, fetch: network.fetch, random }),
    place: at("functions"),
    runPlace: at("run"),
    invokers,
  });
  const hosting = await startHosting({
    functionsUrl: functions.url,
    fetch: network?.fetch,
    ...at("site"),
  });
  const shops = await startShops({
    ...common,
    ...at("shops"),
    webhookUrl: `${functions.url}/shop-webhook`,
    settings: secrets.shops,
  });
  // redis-server is reached by a socket.
  const engine = options.redisEngine ?? (network ? "embedded" : undefined);
  const vault = await unlessGiven("SECRET_MANAGER_EMULATOR_HOST", () =>
    startSecrets({ ...common, ...at("secrets"), projectId }),
  );
  const project = await unlessGiven("CLOUD_QUOTAS_EMULATOR_HOST", () =>
    startProject({
      ...common,
      ...at("project"),
      projectId,
      region,
      invokers,
    }),
  );
  const [firestore, pubsub, tasks, upstash, discord, stripe, twitch] = await Promise.all([
    unlessGiven("FIRESTORE_EMULATOR_HOST", () =>
      startFirestore({
        ...common,
        isListening,
        ...(ports ? { port: ports.firestore, adminPort: ports.firestoreAdmin } : {}),
        indexes: indexDefinitions(),
      }),
    ),
    unlessGiven("PUBSUB_EMULATOR_HOST", () =>
      startPubSub({ ...common, isListening, ...(ports ? { port: ports.pubsub } : {}) }),
    ),
    unlessGiven("CLOUD_TASKS_EMULATOR_HOST", () =>
      startTasks({
        ...common,
        isListening,
        ...(ports ? { port: ports.tasks } : {}),
        projectId,
        location: region,
        queues: queuePlans(),
      }),
    ),
    unlessGiven("UPSTASH_REDIS_REST_URL", () =>
      startUpstash({
        ...common,
        ...at("upstash"),
        token: secrets.redis,
        ...(engine ? { engine } : {}),
      }),
    ),
    unlessGiven("DISCORD_API_BASE_URL", () =>
      startDiscord({
        ...common,
        ...at("discord"),
        applicationId: community.applicationId,
        botToken: secrets.botToken,
        rateLimits: options.rateLimits ?? true,
      }),
    ),
    unlessGiven("STRIPE_API_BASE_URL", () =>
      startStripe({
        ...common,
        ...at("stripe"),
        secretKey: secrets.stripe,
        endpoints: stripeEndpoints(`${functions.url}/stripe-webhook`, projectId, secrets),
      }),
    ),
    unlessGiven("TWITCH_API_BASE_URL", () =>
      startTwitch({
        ...common,
        ...at("twitch"),
        clientId: "c500-local",
        clientSecret: secrets.twitchClient,
        redirectUris: [`${given.PUBLIC_SITE_URL || hosting.url}/twitch/callback`],
      }),
    ),
  ]);

  const account = { email: "local@upstash.example", apiKey: secrets.upstashAccount };
  const upstashManagement = upstash
    ? await startUpstashManagement({
        ...common,
        ...at("upstashAccount"),
        ...account,
        redis: upstash,
      })
    : undefined;
  exportVariables({
    // Google's clients would look for a metadata server on the network.
    METADATA_SERVER_DETECTION: "none",
    GOOGLE_CLOUD_UNIVERSE_DOMAIN: "googleapis.com",
    FIRESTORE_EMULATOR_HOST: firestore?.host ?? given.FIRESTORE_EMULATOR_HOST,
    PUBSUB_EMULATOR_HOST: pubsub?.host ?? given.PUBSUB_EMULATOR_HOST,
  });
  const keys = discord ?? generateKeys();
  const settings: Record<string, string | undefined> = {
    ...settingsOf(
      {
        projectId,
        region,
        functions,
        hosting,
        firestore,
        pubsub,
        tasks,
        vault,
        project,
        upstash,
        upstashManagement,
        upstashEmail: account.email,
        discord,
        discordPublicKey: keys.publicKey,
        stripe,
        twitch,
      },
      secrets,
    ),
    ...given,
  };
  if (discord && !state?.isRestored) furnishCommunity(discord);
  if (vault && !state?.isRestored) keepSecrets(vault, settings);
  if (pubsub && network) pubsub.provision(projectId, pubSubPlan(functions.runUrl, projectId));
  else if (settings.PUBSUB_EMULATOR_HOST) {
    // Google's emulator sends no tokens, so that Cloud Run would let it through nowhere.
    const plan = pubsub ? pubSubPlan(functions.runUrl, projectId) : pubSubPlan(functions.url);
    await provision(settings.PUBSUB_EMULATOR_HOST, projectId, plan);
  }
  const emulators = { firestore, pubsub, tasks };
  await functions.start(settings, network && connectInProcess(emulators, network.fetch));
  state?.resume();

  const scheduler = startScheduler(clock, schedules(functions.runUrl, projectId), network?.fetch);
  const parts = [functions, pubsub, tasks, scheduler, discord, stripe, twitch, shops].filter(
    (part) => part !== undefined,
  );
  return {
    clock,
    faults,
    functions,
    fetch: (input, init) => clock.drive(reach(input, init)),
    settings,
    discord,
    discordPrivateKey: keys.privateKey,
    stripe,
    twitch,
    shops,
    secrets: vault,
    project,
    databaseOf: firestore?.databaseOf,
    onCommit: firestore?.onCommit,
    pubsub,
    tasks,
    scheduler,
    upstash,
    upstashManagement,
    settle: async () => {
      do {
        await clock.drive(Promise.all(parts.map((part) => part.whenIdle())));
        if (!pubsub) await functions.whenQuiet(QUIET_MS);
      } while (!parts.every((part) => part.idle()));
    },
    stop: async () => {
      await functions.stop();
      await hosting.stop();
      scheduler.stop();
      const emulators = [
        firestore,
        pubsub,
        tasks,
        upstash,
        discord,
        stripe,
        twitch,
        shops,
        vault,
        project,
        upstashManagement,
      ];
      await Promise.all(emulators.map((emulator) => emulator?.stop()));
      clock.stop();
    },
  };
}
