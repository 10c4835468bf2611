import { randomUUID } from "node:crypto";
import { Firestore } from "@google-cloud/firestore";
import { PubSub } from "@google-cloud/pubsub";
import { afterAll, beforeEach } from "@jest/globals";
import { type Cloud, type CloudOptions, startCloud } from "../../local/cloud/cloud.ts";
import { community } from "../../local/cloud/community.ts";
import type { DiscordSimulator } from "../../local/discord/index.ts";
import { CodePool } from "../../local/functions/bundle.ts";
import { type Connect, connectInProcess } from "../../local/functions/connect.ts";
import { openFunctions } from "../../local/functions/index.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { seededRandom } from "../../local/kit/faults.ts";
import { Network } from "../../local/kit/http/network.ts";
import { ReachableNetwork } from "../../local/kit/http/reachable-network.ts";
import type { StripeSimulator } from "../../local/stripe/index.ts";
import type { TwitchSimulator } from "../../local/twitch/index.ts";
import { adaptFirestore } from "../../shared/clients/firestore.ts";
import { connectGoogle } from "../../shared/clients/google.ts";
import { connectTopics, createPublisher, type Publisher } from "../../shared/clients/pubsub.ts";
import type { Firestore as Database } from "../../shared/ports/database.ts";
import type { Topics } from "../../shared/ports/topics.ts";
import { googleFirestoreHost, googlePubSubHost } from "./google/emulators.ts";

/** A running cloud for tests; with Google's emulators under `./dev test --google`. */
export interface TestCloud extends Cloud {
  readonly discord: DiscordSimulator;
  readonly stripe: StripeSimulator;
  readonly twitch: TwitchSimulator;
  /** The Firestore that the functions use, called without gRPC if the cloud runs in process. */
  readonly firestore: Database;
  /** Google's client for it, for calls that the functions never make; needs a cloud with sockets. */
  readonly googleFirestore: Firestore;
  readonly logLines: readonly string[];
  /** Whether the clock decides when Pub/Sub redelivers; Google's emulator has its own clock. */
  readonly hasOwnPubSub: boolean;
  /** Pub/Sub, for messages that no function of the cloud would publish. */
  readonly topics: Topics;
  /** Publishes as a function of the cloud would. */
  readonly publisher: Publisher;
  /** Connects another program, such as an operator's; without gRPC if the cloud runs in process. */
  readonly connect: Connect;
  url(name: string): string;
  /**
   * Lets time pass, with everything that becomes due. During a long time Cloud Scheduler makes only the last call;
   * it is paused before.
   */
  pass(ms: number): Promise<void>;
  /** Lets the clock run until the check holds; fails after an hour on the clock. */
  eventually(check: () => boolean | Promise<boolean>): Promise<void>;
}

/** The sweeper runs once in this time, and finds everything that earlier runs would have found. */
const SWEPT_MS = 900_000;

/** The options of a test's cloud. */
export interface TestCloudOptions extends CloudOptions {
  /**
   * Serves over real sockets in real time, for tests of sockets and time, and for clients that need
   * them, such as a browser or another process.
   */
  readonly onSockets?: boolean;
  /**
   * Serves browsers over real sockets in real time. All that this process calls goes without sockets, at a quarter of
   * the processor time.
   */
  readonly forBrowser?: boolean;
}

/** Google's emulators and redis-server can only be reached over sockets. */
function needsSockets({ redisEngine }: CloudOptions): boolean {
  return Boolean(googleFirestoreHost ?? googlePubSubHost) || redisEngine === "redis-server";
}

const PUBLISH_DEADLINE_MS = 10_000;

/** One worker's clouds take over each other's code, which V8 has already compiled. */
const codes = new CodePool();

/** Starts a separate cloud for a test file: in this process, on virtual time, unless it needs sockets. */
export async function startTestCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const projectId = options.projectId ?? `test-${randomUUID()}`;
  const logLines: string[] = [];
  const { forBrowser = false, onSockets = needsSockets(options), ...cloudOptions } = options;
  const reachable = () => ({
    network: new ReachableNetwork(),
    clock: new LocalClock(),
    isListening: false,
    // On this process's code, the functions' calls are recorded.
    openFunctions,
  });
  const inProcess = () => (forBrowser ? reachable() : { network: new Network() });
  const cloud = await startCloud({
    projectId,
    ...(!onSockets && inProcess()),
    codes,
    log: (line) => logLines.push(line),
    ...cloudOptions,
    environment: {
      // Everyone who proves a channel becomes a builder, except in tests of staff approval.
      BUILDER_APPROVAL: "automatic",
      ...(googleFirestoreHost ? { FIRESTORE_EMULATOR_HOST: googleFirestoreHost } : {}),
      ...(googlePubSubHost ? { PUBSUB_EMULATOR_HOST: googlePubSubHost } : {}),
      ...options.environment,
    },
  });
  const { discord, stripe, twitch, clock, settle } = cloud;
  if (!discord || !stripe || !twitch) {
    throw new Error("Tests need the emulators of Discord, Stripe and Twitch.");
  }
  // It connects on first use, and retries no more often than the functions' own client.
  const googleFirestore = new Firestore({ projectId, gaxServerStreamingRetries: true });
  if (onSockets) await loadPubSub(projectId);
  const topics = onSockets ? googleTopics(cloud) : directTopics(cloud);
  return {
    ...cloud,
    discord,
    stripe,
    twitch,
    googleFirestore,
    firestore: onSockets ? adaptFirestore(googleFirestore) : directDatabase(cloud),
    topics,
    publisher: createPublisher(topics),
    connect: onSockets
      ? connectGoogle
      : connectInProcess(
          {
            firestore: cloud.databaseOf && { databaseOf: cloud.databaseOf },
            pubsub: cloud.pubsub,
            tasks: cloud.tasks,
          },
          cloud.fetch,
        )(Math.random, (_operation, call) => call()),
    logLines,
    hasOwnPubSub: cloud.pubsub !== undefined,
    url: (name) => `${cloud.functions.url}/${name}`,
    pass: async (ms) => {
      cloud.scheduler.pause();
      await clock.advance(Math.max(0, ms - SWEPT_MS));
      cloud.scheduler.resume();
      await clock.advance(Math.min(ms, SWEPT_MS));
      await settle();
    },
    eventually: async (check) => {
      for (let minutes = 0; minutes < 60; minutes += 1) {
        await settle();
        if (await check()) return;
        await clock.advance(60_000);
      }
      throw new Error("The condition did not become true within an hour on the clock.");
    },
    stop: async () => {
      await googleFirestore.terminate();
      await cloud.stop();
    },
  };
}

/**
 * A cloud for all tests of a file: `const cloud = await useCloud()` at its top. It is stopped after the last test, and
 * each test begins without faults.
 */
export async function useCloud(options?: TestCloudOptions): Promise<TestCloud> {
  const cloud = await startTestCloud(options);
  afterAll(() => cloud.stop());
  beforeEach(() => cloud.faults.clear());
  return cloud;
}

/** The cloud's Firestore, called without gRPC: its waits are by the clock, which a test has to advance. */
export function directDatabase({ databaseOf, settings }: Cloud): Database {
  const database = databaseOf?.(settings["GOOGLE_CLOUD_PROJECT"] ?? "", seededRandom(1));
  if (!database) throw new Error("Google's emulator cannot be called directly.");
  return database;
}

/** The topics of a cloud, without gRPC. */
function directTopics({ pubsub, settings }: Cloud): Topics {
  if (!pubsub) throw new Error("This cloud has no Pub/Sub of its own.");
  return pubsub.topicsOf(projectOf(settings), PUBLISH_DEADLINE_MS, Math.random);
}

function googleTopics({ settings, pendingDeliveries }: Cloud): Topics {
  const config = { GOOGLE_CLOUD_PROJECT: projectOf(settings) };
  const topics = connectTopics(config, PUBLISH_DEADLINE_MS);
  return pendingDeliveries?.counted(topics) ?? topics;
}

function projectOf(settings: Cloud["settings"]): string {
  return settings["GOOGLE_CLOUD_PROJECT"] ?? "";
}

/** Loads all of Pub/Sub's library, which Jest does too slowly for the deadline of a first publish. */
async function loadPubSub(projectId: string): Promise<void> {
  const pubsub = new PubSub({ projectId });
  await pubsub.getTopics();
  await pubsub.close();
}

/** Seeds people and orders in their stored form. */
export function seeder({ discord, twitch, firestore }: TestCloud) {
  let next = 1;
  return {
    /** A builder with a Twitch channel, live by default. */
    async builder({ isLive = true, title = "Soldering GMK Cozy" } = {}): Promise<Builder> {
      const number = next++;
      const id = `1000000000000000${String(number).padStart(3, "0")}`;
      const builder = { id, twitchId: String(9000 + number), login: `builder_${number}` };
      discord.addUser({ id, username: builder.login });
      twitch.addUser({ id: builder.twitchId, login: builder.login });
      if (isLive) twitch.goLive(builder.login, { title });
      await firestore
        .doc(`builders/${id}`)
        .set({ twitch_username: builder.login, standing: "approved" });
      return builder;
    },

    /** A paid order of a new buyer. */
    async order(
      builderId: string,
      { dmsClosed = false, ...fields }: { dmsClosed?: boolean; [field: string]: unknown } = {},
    ): Promise<Order> {
      const number = next++;
      const buyerId = `2000000000000000${String(number).padStart(3, "0")}`;
      discord.addUser({ id: buyerId, username: `buyer_${number}`, dmsClosed });
      const id = `cs_test_${number}`;
      const stored = { buyer_id: buyerId, builder_id: builderId, fulfillment_status: "paid" };
      await firestore.doc(`orders/${id}`).set({ ...stored, ...fields });
      return { id, buyerId };
    },
  };
}

export interface Builder {
  readonly id: string;
  readonly twitchId: string;
  readonly login: string;
}

export interface Order {
  readonly id: string;
  readonly buyerId: string;
}

export { community };
