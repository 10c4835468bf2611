import { randomUUID } from "node:crypto";
import type { PubSub, Topic } from "@google-cloud/pubsub";
import { startPubSub } from "../../../../local/google/pubsub/index.ts";
import { LocalClock } from "../../../../local/kit/clock.ts";
import { FaultPlan } from "../../../../local/kit/faults.ts";
import {
  type ReceivedRequest,
  type Receiver,
  startReceiver,
} from "../../../support/calls/receiver.ts";
import { pubSubClient } from "../../../support/clients/pubsub-client.ts";
import { googlePubSubHost } from "../../../support/google/emulators.ts";

/** A Pub/Sub to test: Google's emulator when the environment names one, else ours. */
export interface PubSubUnderTest {
  readonly host: string;
  /** Not used by anyone else, however long the emulator runs. */
  readonly projectId: string;
  readonly pubsub: PubSub;
  readonly receiver: Receiver;
  /** A topic, and a subscription ID-push that pushes to the receiver's path of the topic's id. */
  pushedTopic(id: string): Promise<Topic>;
  stop(): Promise<void>;
}

/** Starts ours, or connects to Google's, with an endpoint to push to. */
export async function startPubSubUnderTest(): Promise<PubSubUnderTest> {
  const clock = new LocalClock();
  const ours = googlePubSubHost ? undefined : await startPubSub({ clock, faults: new FaultPlan() });
  const host = googlePubSubHost ?? ours?.host ?? "";
  const projectId = `conformance-${randomUUID().slice(0, 8)}`;
  const pubsub = pubSubClient(host, projectId);
  const receiver = await startReceiver();
  return {
    host,
    projectId,
    pubsub,
    receiver,
    pushedTopic: async (id) => {
      const [topic] = await pubsub.createTopic(id);
      await topic.createSubscription(`${id}-push`, { pushEndpoint: `${receiver.url}/${id}` });
      topic.setPublishOptions({ batching: { maxMessages: 1 } });
      return topic;
    },
    stop: async () => {
      await pubsub.close();
      await ours?.stop();
      await receiver.stop();
      clock.stop();
    },
  };
}

/** The text of the message in a push. */
export function textOf(request: ReceivedRequest): string {
  return Buffer.from(JSON.parse(request.body).message.data, "base64").toString();
}
