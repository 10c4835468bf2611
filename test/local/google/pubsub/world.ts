import type { CreateSubscriptionOptions, PubSub, Topic } from "@google-cloud/pubsub";
import { type PubSubEmulator, startPubSub } from "../../../../local/google/pubsub/index.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { FaultPlan } from "../../../../local/kit/faults.ts";
import { type Receiver, startReceiver } from "../../../support/calls/receiver.ts";
import { pubSubClient } from "../../../support/clients/pubsub-client.ts";
import { textOf } from "./under-test.ts";

/** The project all names in a world belong to. */
export const PROJECT_ID = "delivery";

/** Our Pub/Sub with a client, an endpoint, and a hand on its clock and its faults. */
export interface World {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly emulator: PubSubEmulator;
  readonly pubsub: PubSub;
  readonly receiver: Receiver;
  /** A topic, with a subscription of the same id that pushes to the receiver's path of that name. */
  topic(id: string, options?: CreateSubscriptionOptions): Promise<Topic>;
  /** Advances the clock, and waits until what that set off has come to rest. */
  pass(ms: number): Promise<void>;
  /** The texts of the messages that came to a path, in order. */
  texts(path: string): string[];
  stop(): Promise<void>;
}

/** Starts a world. */
export async function startWorld(): Promise<World> {
  const clock = new LocalClock();
  const faults = new FaultPlan();
  const emulator = await startPubSub({ clock, faults });
  const pubsub = pubSubClient(emulator.host, PROJECT_ID);
  const receiver = await startReceiver();
  return {
    clock,
    faults,
    emulator,
    pubsub,
    receiver,
    topic: async (id, options) => {
      const [topic] = await pubsub.createTopic(id);
      await topic.createSubscription(id, { pushEndpoint: `${receiver.url}/${id}`, ...options });
      topic.setPublishOptions({ batching: { maxMessages: 1 }, messageOrdering: true });
      return topic;
    },
    pass: async (ms) => {
      await clock.advance(ms);
      await emulator.whenIdle();
    },
    texts: (path) =>
      receiver.requests
        .filter((request) => request.path === path)
        .map((request) => textOf(request)),
    stop: async () => {
      await pubsub.close();
      await emulator.stop();
      await receiver.stop();
      clock.stop();
    },
  };
}
