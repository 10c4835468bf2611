import type { LogWriter } from "../../shared/runtime/log.ts";
import { refuseUnknownNames } from "../../tools/settings/setting-names.ts";
import { refuseUnknownRegion } from "../../tools/settings/values.ts";
import { generateKeys } from "../discord/client/keys.ts";
import type { DiscordSimulator } from "../discord/index.ts";
import { CodePool } from "../functions/bundle.ts";
import { connectInProcess } from "../functions/connect.ts";
import { type LocalFunctions, openFunctions } from "../functions/index.ts";
import { invokersOf } from "../functions/invoker.ts";
import { PendingDeliveries } from "../functions/pending-deliveries.ts";
import type { FirestoreEmulator } from "../google/firestore/index.ts";
import { startHosting } from "../google/hosting/index.ts";
import type { ProjectEmulator } from "../google/project/index.ts";
import type { PubSubEmulator } from "../google/pubsub/index.ts";
import { provision } from "../google/pubsub/provision.ts";
import { type SchedulerEmulator, startScheduler } from "../google/scheduler/index.ts";
import type { SecretsEmulator } from "../google/secrets/index.ts";
import type { TasksEmulator } from "../google/tasks/index.ts";
import { LocalClock } from "../kit/clock.ts";
import { environment, exportVariables } from "../kit/environment.ts";
import { quietLoop } from "../kit/event-loop.ts";
import { FaultPlan, seededRandom } from "../kit/faults.ts";
import type { Network } from "../kit/http/network.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import { type ShopsSimulator, startShops } from "../shops/index.ts";
import type { StripeSimulator } from "../stripe/index.ts";
import type { TwitchSimulator } from "../twitch/index.ts";
import type { Upstash, UpstashOptions } from "../upstash/index.ts";
import type { UpstashManagement } from "../upstash/management.ts";
import { addCommunity } from "./community.ts";
import { startEmulators, UPSTASH_EMAIL } from "./emulators.ts";
import { type PortName, type Ports, placeOf } from "./ports.ts";
import { makeSecrets, storeSecrets } from "./secrets.ts";
import { settingsOf } from "./settings.ts";
import { pubSubPlan, schedules } from "./wiring.ts";

/** Options of `startCloud`. */
export interface CloudOptions {
  readonly projectId?: string;
  /**
   * State that an earlier run stored and this run continues; without it nothing outlives the
   * process.
   */
  readonly state?: PersistentState;
  /** Receives the functions' log lines, each with its time; ignored by default. */
  readonly log?: LogWriter;
  readonly redisEngine?: UpstashOptions["engine"];
  /** The seed of the fault plan, which is empty until rules are added. */
  readonly seed?: number;
  /** Whether Discord's rate limits apply; true by default. Waiting for them takes real time. */
  readonly rateLimits?: boolean;
  /** Settings that override the emulators' own; the process's environment by default. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The port of each service; free ports by default. */
  readonly ports?: Ports;
  /**
   * Serves everything that speaks HTTP under a name on this network ("https://discord.test") and
   * makes all HTTP calls over it, including those of the functions. The functions call Google's
   * emulators directly; these still listen for other callers over gRPC. The clock is frozen except
   * when driven, and all randomness derives from the seed.
   */
  readonly network?: Network;
  /** The clock of everything; by default frozen with a network, otherwise running. */
  readonly clock?: LocalClock;
  /** Whether Google's emulators listen for gRPC; true by default. */
  readonly isListening?: boolean;
  /** The planned faults; none by default. */
  readonly faults?: FaultPlan;
  /** The functions' code for clouds with a network; evaluated for this cloud by default. */
  readonly codes?: CodePool;
  /** What runs the functions; one instance of each by default. */
  readonly openFunctions?: typeof openFunctions;
}

/**
 * A whole cloud on this machine. An emulator is undefined where the environment names another
 * server.
 */
export interface Cloud {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly functions: LocalFunctions;
  /** Reaches everything that this cloud serves over HTTP. */
  readonly fetch: typeof fetch;
  /** Every setting of the functions, and the emulator variables that Google's clients read. */
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly discord: DiscordSimulator | undefined;
  /**
   * The key that signs interactions, PKCS #8 in PEM; useless when the environment sets another
   * public key.
   */
  readonly discordPrivateKey: string;
  readonly stripe: StripeSimulator | undefined;
  readonly twitch: TwitchSimulator | undefined;
  /** A shop at each merch provider. They only send, so no other server can replace them. */
  readonly shops: ShopsSimulator;
  readonly secrets: SecretsEmulator | undefined;
  /** Google's project APIs: the project's number and quotas. */
  readonly project: ProjectEmulator | undefined;
  /** Opens a project's Firestore without gRPC. */
  readonly databaseOf: FirestoreEmulator["databaseOf"] | undefined;
  /** Subscribes to Firestore's commits. */
  readonly onCommit: FirestoreEmulator["onCommit"] | undefined;
  /** Looks into a project's Firestore as an operator. */
  readonly inspectFirestore: FirestoreEmulator["inspect"] | undefined;
  readonly pubsub: PubSubEmulator | undefined;
  /** Counts what an external Pub/Sub still has to deliver; undefined without one. */
  readonly pendingDeliveries: PendingDeliveries | undefined;
  readonly tasks: TasksEmulator | undefined;
  readonly scheduler: SchedulerEmulator;
  readonly upstash: Upstash | undefined;
  /** Upstash's developer API, which creates databases. */
  readonly upstashManagement: UpstashManagement | undefined;
  /**
   * Resolves when no work is in progress; scheduled work does not count. An external Pub/Sub has delivered what was
   * published through `pendingDeliveries`.
   */
  settle(): Promise<void>;
  /** Whether no work is in progress; scheduled work does not count. */
  idle(): boolean;
  stop(): Promise<void>;
}

/** The initial time of a frozen clock: 2026-06-01T12:00:00Z, a Monday. */
const STARTS_AT_MS = Date.UTC(2026, 5, 1, 12);

/** Adds the time to a log line, as Cloud Logging does. */
function timed(line: string, now: Date): string {
  return `{"time":"${now.toISOString()}",${line.slice(1)}`;
}

/**
 * Starts the functions, and an emulator or simulator of each service that the environment does not
 * name. Variables of the environment override those of the emulators and simulators individually.
 * Throws ConfigError for a malformed variable, or an unknown one that looks like a setting.
 */
export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const { network } = options;
  const clock = options.clock ?? new LocalClock(network ? { frozenAtMs: STARTS_AT_MS } : {});
  const faults = options.faults ?? new FaultPlan(options.seed);
  const projectId = options.projectId ?? "c500-local";
  const region = "us-central1";
  const given = options.environment ?? environment;
  refuseUnknownNames(given);
  refuseUnknownRegion(given);

  const { state } = options;
  if (state) clock.persistIn(state);
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
  const { codes = new CodePool() } = options;
  const code =
    network && !options.openFunctions
      ? codes.take({ clock, fetch: network.fetch, random })
      : undefined;
  const pendingDeliveries = given.PUBSUB_EMULATOR_HOST
    ? new PendingDeliveries(pubSubPlan("").subscriptions)
    : undefined;
  const functions = await (options.openFunctions ?? openFunctions)({
    clock,
    write: write ? (line) => write(timed(line, clock.now())) : () => undefined,
    random,
    code,
    place: at("functions"),
    runPlace: at("run"),
    invokers,
    pendingDeliveries,
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
  const emulators = await startEmulators({
    options,
    given,
    clock,
    faults,
    projectId,
    region,
    secrets,
    invokers,
    functions,
    siteUrl: hosting.url,
  });
  const { firestore, pubsub, tasks, vault, discord, stripe, twitch } = emulators;

  exportVariables({
    // Otherwise Google's clients look for a metadata server on the network.
    METADATA_SERVER_DETECTION: "none",
    GOOGLE_CLOUD_UNIVERSE_DOMAIN: "googleapis.com",
    FIRESTORE_EMULATOR_HOST: firestore?.host ?? given.FIRESTORE_EMULATOR_HOST,
    PUBSUB_EMULATOR_HOST: pubsub?.host ?? given.PUBSUB_EMULATOR_HOST,
  });
  const keys = discord ?? generateKeys();
  const settings: Record<string, string | undefined> = {
    ...settingsOf(
      {
        ...emulators,
        projectId,
        region,
        functions,
        hosting,
        upstashEmail: UPSTASH_EMAIL,
        discordPublicKey: keys.publicKey,
      },
      secrets,
    ),
    ...given,
  };
  if (discord && !state?.isRestored) addCommunity(discord);
  if (vault && !state?.isRestored) storeSecrets(vault, settings);
  if (pubsub && network) pubsub.provision(projectId, pubSubPlan(functions.runUrl, projectId));
  else if (settings.PUBSUB_EMULATOR_HOST) {
    // Google's emulator sends no tokens, so Cloud Run's check would refuse its pushes.
    const plan = pubsub ? pubSubPlan(functions.runUrl, projectId) : pubSubPlan(functions.url);
    await provision(settings.PUBSUB_EMULATOR_HOST, projectId, plan);
  }
  await functions.start(settings, network && connectInProcess(emulators, network.fetch));
  state?.resume();

  const scheduler = startScheduler(clock, schedules(functions.runUrl, projectId), network?.fetch);
  const services = [pubsub, pendingDeliveries, tasks, scheduler, discord, stripe, twitch, shops];
  const parts = [functions, ...services].filter((part) => part !== undefined);
  const idle = () => parts.every((part) => part.idle());
  return {
    clock,
    faults,
    functions,
    fetch: (input, init) => clock.drive(reach(input, init)),
    settings,
    ...emulators,
    discordPrivateKey: keys.privateKey,
    shops,
    secrets: vault,
    databaseOf: firestore?.databaseOf,
    onCommit: firestore?.onCommit,
    inspectFirestore: firestore?.inspect,
    pendingDeliveries,
    scheduler,
    settle: async () => {
      do {
        await clock.drive(Promise.all(parts.map((part) => part.whenIdle())));
      } while (!idle());
    },
    idle,
    stop: async () => {
      await functions.stop();
      await hosting.stop();
      scheduler.stop();
      await Promise.all([...Object.values(emulators), shops].map((each) => each?.stop()));
      clock.stop();
      // What was under way ends before another cloud takes over the code.
      if (code) await quietLoop();
      if (code) codes.release(code);
    },
  };
}
