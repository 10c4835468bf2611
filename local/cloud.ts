import { randomBytes, randomUUID } from "node:crypto";
import { createLog, type LogWriter } from "../shared/runtime/log.ts";
import { refuseUnknownNames } from "../tools/checks/setting-names.ts";
import {
  type EndpointKind,
  endpointKinds,
  endpointMark,
  handledEvents,
  secretMark,
} from "../tools/checks/stripe-endpoints.ts";
import { isSecret, settingNames } from "../tools/checks/values.ts";
import { community, furnishCommunity } from "./community.ts";
import { generateKeys } from "./discord/client/keys.ts";
import { type DiscordStandIn, startDiscord } from "./discord/index.ts";
import { startFirestore } from "./firestore/index.ts";
import { type LocalFunctions, openFunctions } from "./functions/index.ts";
import { startHosting } from "./hosting/index.ts";
import { LocalClock } from "./kit/clock.ts";
import { environment, exportVariables } from "./kit/environment.ts";
import { FaultPlan } from "./kit/faults.ts";
import type { KeptState } from "./kit/kept-state.ts";
import type { PortName, Ports } from "./ports.ts";
import { type ProjectEmulator, startProject } from "./project/index.ts";
import { type PubSubStandIn, startPubSub } from "./pubsub/index.ts";
import { provision } from "./pubsub/provision.ts";
import { startScheduler } from "./scheduler/index.ts";
import { type SecretsStandIn, startSecrets } from "./secrets/index.ts";
import { type ShopsStandIn, startShops } from "./shops/index.ts";
import { type NewWebhookEndpoint, type StripeStandIn, startStripe } from "./stripe/index.ts";
import { startTasks, type TasksStandIn } from "./tasks/index.ts";
import { startTwitch, type TwitchStandIn } from "./twitch/index.ts";
import { startUpstash, type Upstash, type UpstashOptions } from "./upstash/index.ts";
import { startUpstashManagement, type UpstashManagement } from "./upstash/management.ts";
import { indexDefinitions, pubSubPlan, queuePlans, schedules } from "./wiring.ts";

/** How a local cloud is started. */
export interface CloudOptions {
  readonly projectId?: string;
  /** The state that an earlier run left and a later one continues; without it nothing is kept. */
  readonly state?: KeptState;
  /** Where the functions' log lines go, each with its time; nowhere by default. */
  readonly log?: LogWriter;
  readonly redisEngine?: UpstashOptions["engine"];
  /** Seeds the plan of faults, which is empty until rules are added. */
  readonly seed?: number;
  /** Whether Discord counts calls; it does unless told. Waiting for it takes real time. */
  readonly rateLimits?: boolean;
  /** Settings that win over the stand-ins' own; the process's environment unless told. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where each service listens; on free ports by default. */
  readonly ports?: Ports;
}

/**
 * A whole cloud on this machine. A stand-in is undefined where the environment named another server
 * in its place.
 */
export interface Cloud {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly functions: LocalFunctions;
  /** Every setting the functions were given, and the emulator variables Google's clients read. */
  readonly settings: Readonly<Record<string, string | undefined>>;
  readonly discord: DiscordStandIn | undefined;
  /** Signs interactions, PKCS #8 in PEM; useless where the environment gave another public key. */
  readonly discordPrivateKey: string;
  readonly stripe: StripeStandIn | undefined;
  readonly twitch: TwitchStandIn | undefined;
  /** Ko-fi and Shopify, which only send: there is no other server to name in their place. */
  readonly shops: ShopsStandIn;
  readonly secrets: SecretsStandIn | undefined;
  /** What Google says of the project: its number and quotas. */
  readonly project: ProjectEmulator | undefined;
  readonly pubsub: PubSubStandIn | undefined;
  readonly tasks: TasksStandIn | undefined;
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
  const clock = new LocalClock();
  const faults = new FaultPlan(options.seed);
  const projectId = options.projectId ?? "c500-local";
  const region = "us-central1";
  const given = options.environment ?? environment;
  refuseUnknownNames(given);
  const unlessGiven = async <T>(name: string, start: () => Promise<T>) =>
    given[name] ? undefined : start();

  const { state } = options;
  if (state) clock.keepIn(state);
  const common = { clock, faults, state };
  const secret = () => randomBytes(24).toString("hex");
  let secrets = {
    botToken: secret(),
    twitchClient: secret(),
    eventSub: secret(),
    forgottenKey: secret(),
    redis: secret(),
    upstashAccount: secret(),
    stripe: `sk_test_${secret()}`,
    stripeEvents: `whsec_${secret()}`,
    stripeConnectEvents: `whsec_${secret()}`,
    kofi: given.KOFI_VERIFICATION_TOKEN || randomUUID(),
    shopify: given.SHOPIFY_WEBHOOK_SECRET || secret(),
  };

  state?.part(
    "secrets",
    () => secrets,
    (saved) => {
      secrets = saved;
    },
  );

  const { log: write } = options;
  const log = createLog(write ? (line) => write(timed(line, clock.now())) : () => undefined);
  const { ports } = options;
  /** The port of a service, where there is a plan of them. */
  const at = (name: PortName) => (ports ? { port: ports[name] } : {});
  const functions = await openFunctions(clock, log, ports);
  const stripeEvents = `${functions.url}/stripe-webhook`;
  const shopWebhook = `${functions.url}/shop-webhook`;
  const hosting = await startHosting({ functionsUrl: functions.url, ...at("site") });
  const shops = await startShops({
    ...common,
    ...at("shops"),
    kofi: { url: `${shopWebhook}/kofi`, verificationToken: secrets.kofi },
    shopify: { url: `${shopWebhook}/shopify`, clientSecret: secrets.shopify },
  });
  const vault = await unlessGiven("SECRET_MANAGER_EMULATOR_HOST", () =>
    startSecrets({ ...common, ...at("secrets"), projectId }),
  );
  const project = await unlessGiven("CLOUD_QUOTAS_EMULATOR_HOST", () =>
    startProject({ ...common, ...at("project"), projectId, region }),
  );
  const [firestore, pubsub, tasks, upstash, discord, stripe, twitch] = await Promise.all([
    unlessGiven("FIRESTORE_EMULATOR_HOST", () =>
      startFirestore({
        ...common,
        ...at("firestore"),
        ...(ports ? { adminPort: ports.firestoreAdmin } : {}),
        indexes: indexDefinitions(),
      }),
    ),
    unlessGiven("PUBSUB_EMULATOR_HOST", () => startPubSub({ ...common, ...at("pubsub") })),
    unlessGiven("CLOUD_TASKS_EMULATOR_HOST", () =>
      startTasks({ ...common, ...at("tasks"), projectId, location: region, queues: queuePlans() }),
    ),
    unlessGiven("UPSTASH_REDIS_REST_URL", () =>
      startUpstash({
        ...common,
        ...at("upstash"),
        token: secrets.redis,
        ...(options.redisEngine ? { engine: options.redisEngine } : {}),
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
        endpoints: stripeEndpoints(stripeEvents, projectId, {
          platform: secrets.stripeEvents,
          connect: secrets.stripeConnectEvents,
        }),
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
    GOOGLE_CLOUD_PROJECT: projectId,
    GOOGLE_CLOUD_REGION: region,
    FUNCTIONS_BASE_URL: functions.url,
    FUNCTION_URL_TEMPLATE: `${functions.runUrl}/{name}`,
    TASKS_SERVICE_ACCOUNT: `tasks-{name}@${projectId}.iam.gserviceaccount.com`,
    FIRESTORE_EMULATOR_HOST: firestore?.host,
    PUBSUB_EMULATOR_HOST: pubsub?.host,
    FIRESTORE_ADMIN_EMULATOR_HOST: firestore && new URL(firestore.adminUrl).host,
    SECRET_MANAGER_EMULATOR_HOST: vault?.host,
    CLOUD_RESOURCE_MANAGER_EMULATOR_HOST: project?.host,
    CLOUD_QUOTAS_EMULATOR_HOST: project?.host,
    CLOUD_TASKS_EMULATOR_HOST: tasks?.host,
    UPSTASH_REDIS_REST_URL: upstash?.url,
    UPSTASH_REDIS_REST_TOKEN: secrets.redis,
    UPSTASH_MANAGEMENT_URL: upstashManagement?.url,
    UPSTASH_EMAIL: upstashManagement && account.email,
    UPSTASH_API_KEY: upstashManagement && account.apiKey,
    DISCORD_APPLICATION_ID: community.applicationId,
    DISCORD_PUBLIC_KEY: keys.publicKey,
    DISCORD_BOT_TOKEN: secrets.botToken,
    DISCORD_API_BASE_URL: discord && `${discord.url}/api`,
    DISCORD_GUILD_ID: community.guildId,
    DISCORD_GENERAL_CHANNEL_ID: community.generalChannelId,
    DISCORD_MARKETPLACE_CHANNEL_ID: community.marketplaceChannelId,
    DISCORD_ORDERS_CHANNEL_ID: community.ordersChannelId,
    DISCORD_OPERATORS_CHANNEL_ID: community.operatorsChannelId,
    DISCORD_DROP_ROLE_ID: community.dropRoleId,
    TWITCH_CLIENT_ID: "c500-local",
    TWITCH_CLIENT_SECRET: secrets.twitchClient,
    TWITCH_EVENTSUB_SECRET: secrets.eventSub,
    FORGOTTEN_KEY: secrets.forgottenKey,
    TWITCH_API_BASE_URL: twitch && `${twitch.url}/helix`,
    TWITCH_AUTH_BASE_URL: twitch && `${twitch.url}/oauth2`,
    STRIPE_SECRET_KEY: secrets.stripe,
    STRIPE_API_BASE_URL: stripe?.url,
    STRIPE_WEBHOOK_SECRETS: [secrets.stripeEvents, secrets.stripeConnectEvents].join(),
    STRIPE_LIVEMODE: "false",
    KOFI_VERIFICATION_TOKEN: secrets.kofi,
    SHOPIFY_WEBHOOK_SECRET: secrets.shopify,
    PUBLIC_SITE_URL: hosting.url,
    ...given,
  };
  if (discord && !state?.isRestored) furnishCommunity(discord);
  if (vault && !state?.isRestored) keepSecrets(vault, settings);
  if (settings.PUBSUB_EMULATOR_HOST) {
    await provision(settings.PUBSUB_EMULATOR_HOST, projectId, pubSubPlan(functions.url));
  }
  await functions.start(settings);
  state?.resume();

  const scheduler = startScheduler(clock, schedules(functions.url));
  const parts = [functions, pubsub, tasks, scheduler, discord, stripe, twitch, shops].filter(
    (part) => part !== undefined,
  );
  return {
    clock,
    faults,
    functions,
    settings,
    discord,
    discordPrivateKey: keys.privateKey,
    stripe,
    twitch,
    shops,
    secrets: vault,
    project,
    pubsub,
    tasks,
    upstash,
    upstashManagement,
    settle: async () => {
      do {
        await Promise.all(parts.map((part) => part.whenIdle()));
        if (!pubsub) await functions.whenQuiet(QUIET_MS);
      } while (!parts.every((part) => part.idle()));
    },
    stop: async () => {
      await functions.stop();
      await hosting.stop();
      scheduler.stop();
      const standIns = [
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
      await Promise.all(standIns.map((standIn) => standIn?.stop()));
      clock.stop();
    },
  };
}

/** Stripe's endpoints as a setup of this project would have made them. */
function stripeEndpoints(
  url: string,
  projectId: string,
  secrets: Readonly<Record<EndpointKind, string>>,
): NewWebhookEndpoint[] {
  return endpointKinds.map((kind) => ({
    url,
    secret: secrets[kind],
    connect: kind === "connect",
    events: handledEvents[kind],
    metadata: { ...endpointMark(kind, projectId), ...secretMark(secrets[kind]) },
  }));
}

/** Every secret that a function may read is in Secret Manager, as the functions were given it. */
function keepSecrets(
  vault: SecretsStandIn,
  settings: Readonly<Record<string, string | undefined>>,
): void {
  for (const name of settingNames.filter(isSecret)) {
    const value = settings[name];
    if (value) vault.keep(name, value);
  }
}
