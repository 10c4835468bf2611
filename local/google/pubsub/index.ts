import { Server } from "@grpc/grpc-js";
import type { Topics } from "../../../shared/ports/topics.ts";
import { Activity } from "../../kit/activity.ts";
import type { LocalClock } from "../../kit/clock.ts";
import type { FaultPlan } from "../../kit/faults.ts";
import { listenGrpcIf, loadProto } from "../../kit/google/grpc.ts";
import { googleProtos, type RpcContext, serviceDefinition } from "../../kit/google/rpc.ts";
import type { InProcessFetch } from "../../kit/http/in-process.ts";
import { HttpSender } from "../../kit/http/sender.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { type Backlog, Broker, type PublishedMessage } from "./broker.ts";
import { directTopics } from "./direct-topics.ts";
import { type PubSubPlan, provisionDirectly } from "./provision.ts";
import { MAX_PUBLISH_BYTES } from "./rules.ts";
import { publisherService, subscriberService } from "./services.ts";

/**
 * Leaves room for the metadata of the largest publish request, and for receiving larger ones in
 * order to refuse them.
 */
const MAX_REQUEST_BYTES = 4 * MAX_PUBLISH_BYTES;

/** Options of `startPubSub`. */
export interface PubSubOptions {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  /** A free port by default. */
  readonly port?: number;
  /** Calls the application's endpoints; over sockets by default. */
  readonly fetch?: InProcessFetch | undefined;
  /** Whether it listens for gRPC; true by default. */
  readonly isListening?: boolean | undefined;
  /** State that an earlier run stored and this run continues. */
  readonly state?: PersistentState | undefined;
}

/** The running Pub/Sub emulator. */
export interface PubSubEmulator {
  /** "127.0.0.1:PORT", for PUBSUB_EMULATOR_HOST. */
  readonly host: string;
  /** Creates a project's topics and subscriptions without gRPC. */
  provision(projectId: string, plan: PubSubPlan): void;
  /** Publishes without gRPC, like one instance of a function; `deadlineMs` limits each call. */
  topicsOf(projectId: string, deadlineMs: number, random: () => number): Topics;
  stop(): Promise<void>;
  /** Whether no push is in flight or due; scheduled retries do not count. */
  idle(): boolean;
  /** Resolves when `idle()` is true; immediately if it already is. */
  whenIdle(): Promise<void>;
  /** The latest published messages of one topic or of all, including dead letters, oldest first. */
  published(topicId?: string): PublishedMessage[];
  /** The ids of all topics. */
  topicIds(): string[];
  /** Every subscription with its unacknowledged messages. */
  backlogs(): Backlog[];
}

/**
 * Starts a Pub/Sub emulator for any Google client with PUBSUB_EMULATOR_HOST: publishing, and push
 * subscriptions with filters, ordering keys, back-off and dead-letter topics. Pull is not
 * implemented. Planned faults apply to calls by name ("Publish") and to pushes as "deliver
 * SUBSCRIPTION_ID".
 */
export async function startPubSub({
  clock,
  faults,
  port,
  fetch,
  state,
  isListening = true,
}: PubSubOptions): Promise<PubSubEmulator> {
  const activity = new Activity();
  const sender = new HttpSender(clock, fetch);
  const broker = new Broker({ clock, faults, sender, activity });
  if (state) broker.persistIn(state);
  const context = { target: "pubsub", clock, faults } as const;
  const service = await listenGrpcIf(isListening, () => serverOf(broker, context), port);
  return {
    host: service.host,
    provision: (projectId, plan) => provisionDirectly(broker, projectId, plan),
    topicsOf: (projectId, deadlineMs, random) =>
      directTopics(broker, { ...context, random }, { projectId, deadlineMs }),
    stop: async () => {
      broker.stop();
      sender.stop();
      await service.stop();
    },
    idle: () => activity.idle,
    whenIdle: () => activity.whenIdle(),
    published: (topicId) => broker.published(topicId),
    topicIds: () => broker.topicIds(),
    backlogs: () => broker.backlogs(),
  };
}

function serverOf(broker: Broker, context: RpcContext): Server {
  const server = new Server({ "grpc.max_receive_message_length": MAX_REQUEST_BYTES });
  const proto = loadProto("google/pubsub/v1/pubsub.proto", [
    googleProtos("@google-cloud/pubsub"),
    googleProtos("google-gax"),
  ]);
  server.addService(
    serviceDefinition(proto, "google.pubsub.v1.Publisher"),
    publisherService(broker, context),
  );
  server.addService(
    serviceDefinition(proto, "google.pubsub.v1.Subscriber"),
    subscriberService(broker, context),
  );
  return server;
}
