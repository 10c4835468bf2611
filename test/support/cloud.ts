import { randomUUID } from "node:crypto";
import { Firestore } from "@google-cloud/firestore";
import { PubSub } from "@google-cloud/pubsub";
import { expect } from "@jest/globals";
import { type Cloud, type CloudOptions, startCloud } from "../../local/cloud.ts";
import { community } from "../../local/community.ts";
import type { DiscordSimulator } from "../../local/discord/index.ts";
import { seededRandom } from "../../local/kit/faults.ts";
import { Network } from "../../local/kit/network.ts";
import type { StripeSimulator } from "../../local/stripe/index.ts";
import type { TwitchSimulator } from "../../local/twitch/index.ts";
import { adaptFirestore } from "../../shared/clients/firestore.ts";
import { connectTopics, createPublisher, type Publisher } from "../../shared/clients/pubsub.ts";
import type { Firestore as Database } from "../../shared/ports/database.ts";
import type { Topics } from "../../shared/ports/topics.ts";
import { noteCalls } from "../../tools/watch/calls.ts";
import { googleFirestoreHost, googlePubSubHost } from "./environment.ts";

/** A running cloud as tests use it: with Google's emulators in it when `./dev test --google` says so. */
export interface TestCloud extends Cloud {
  readonly discord: DiscordSimulator;
  readonly stripe: StripeSimulator;
  readonly twitch: TwitchSimulator;
  /** The same Firestore that the functions use, called without gRPC where the cloud runs in process. */
  readonly firestore: Database;
  /** Google's client of it, for what the functions never call; needs a cloud that listens. */
  readonly googleFirestore: Firestore;
  readonly logLines: readonly string[];
  /** Whether the clock decides when Pub/Sub delivers again; Google's emulator has its own. */
  readonly hasOwnPubSub: boolean;
  /** Publishes as a function of the cloud would. */
  readonly publisher: Publisher;
  url(name: string): string;
  /**
   * Lets time pass, with everything that is due on the way. Of a long time Cloud Scheduler makes the calls of
   * the last hour only: it is paused before.
   */
  pass(ms: number): Promise<void>;
  /** Lets the clock run on until the check holds; fails after an hour of it. */
  eventually(check: () => boolean | Promise<boolean>): Promise<void>;
}

/** Of a time that passes, how much the sweeper sees: it finds all that a sweeper before it would have found. */
const SWEPT_MS = 3_600_000;

/** How a test's cloud is started. */
export interface TestCloudOptions extends CloudOptions {
  /**
   * Serves over real sockets in real time, for tests of what only these show, and for clients that know
   * nothing else, such as a browser or another process.
   */
  readonly onSockets?: boolean;
}

/** Google's emulators and redis-server can be reached in no other way. */
function needsSockets({ redisEngine }: CloudOptions): boolean {
  return Boolean(googleFirestoreHost ?? googlePubSubHost) || redisEngine === "redis-server";
}

const PUBLISH_DEADLINE_MS = 10_000;

/** Starts a cloud of one's own for a test file: in this process, on virtual time, unless it needs sockets. */
export async function startTestCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const projectId = options.projectId ?? `test-${randomUUID()}`;
  const logLines: string[] = [];
  const { onSockets = needsSockets(options), ...cloudOptions } = options;
  const cloud = await startCloud({
    projectId,
    ...(!onSockets && { network: new Network() }),
    log: (line) => logLines.push(line),
    ...cloudOptions,
    environment: {
      // Everyone who proves a channel is a builder, except where a test is about the team's approval.
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
  // It connects when it is first used, and retries no more than the functions' own.
  const googleFirestore = new Firestore({ projectId, gaxServerStreamingRetries: true });
  if (onSockets) await loadPubSub(projectId);
  return {
    ...cloud,
    discord,
    stripe,
    twitch,
    googleFirestore,
    firestore: onSockets ? adaptFirestore(googleFirestore) : directDatabase(cloud),
    publisher: createPublisher(onSockets ? googleTopics(cloud) : directTopics(cloud)),
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
      throw new Error("It did not come about within an hour of the clock.");
    },
    stop: async () => {
      const { testPath } = expect.getState();
      if (testPath) noteCalls(testPath, cloud.functions.called);
      await googleFirestore.terminate();
      await cloud.stop();
    },
  };
}

/** The cloud's Firestore called without gRPC: whoever waits in it waits by the clock, which is to be driven. */
export function directDatabase({ databaseOf, settings }: Cloud): Database {
  const database = databaseOf?.(settings["GOOGLE_CLOUD_PROJECT"] ?? "", seededRandom(1));
  if (!database) throw new Error("Google's emulator cannot be called directly.");
  return database;
}

/** Loads all of Pub/Sub's library, which Jest does too slowly for the deadline of a first publish. */
/** The topics of a cloud, without gRPC. */
function directTopics({ pubsub, settings }: Cloud): Topics {
  if (!pubsub) throw new Error("This cloud has no Pub/Sub of its own.");
  return pubsub.topicsOf(projectOf(settings), PUBLISH_DEADLINE_MS, Math.random);
}

function googleTopics({ settings }: Cloud): Topics {
  return connectTopics({ GOOGLE_CLOUD_PROJECT: projectOf(settings) }, PUBLISH_DEADLINE_MS);
}

function projectOf(settings: Cloud["settings"]): string {
  return settings["GOOGLE_CLOUD_PROJECT"] ?? "";
}

async function loadPubSub(projectId: string): Promise<void> {
  const pubsub = new PubSub({ projectId });
  await pubsub.getTopics();
  await pubsub.close();
}

/** Seeds people and orders in the shapes they are stored in. */
export function seeder({ discord, twitch, firestore }: TestCloud) {
  let next = 1;
  return {
    /** A builder with a Twitch channel, live unless told otherwise. */
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
