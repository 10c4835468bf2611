import type { Topic } from "@google-cloud/pubsub";
import type { EventBase, EventDefinition } from "../events/define-event.ts";
import { toWire } from "../events/wire.ts";
import type { Topics } from "../ports/topics.ts";
import type { Config } from "../runtime/config.ts";
import { lazy } from "../runtime/lazy.ts";
import { currentTraceparent, TRACEPARENT } from "../runtime/trace.ts";

/** Puts events on their topics. */
export interface Publisher {
  /**
   * Resolves once Pub/Sub has the event. Rejects if Pub/Sub does not confirm within the deadline; it may still have
   * the event. Throws if the event does not match its schema.
   */
  publish<T extends EventBase>(event: EventDefinition<T>, payload: T): Promise<void>;
}

/** The attribute that carries an event's id, the same when one event is published twice. */
export const EVENT_ID_ATTRIBUTE = "event_id";

/** Publishes events to their topics, with the trace of the publishing call. */
export function createPublisher(topics: Topics): Publisher {
  return {
    async publish(event, payload) {
      const data = toWire(event, payload);
      const traceparent = currentTraceparent();
      const attributes = {
        ...event.attributes(payload),
        [EVENT_ID_ATTRIBUTE]: payload.id,
        ...(traceparent && { [TRACEPARENT]: traceparent }),
      };
      await topics.publish(event.topic, { data, attributes });
    },
  };
}

/**
 * Connects to Pub/Sub; to `PUBSUB_EMULATOR_HOST` when the library finds it in the environment.
 * `deadlineMs` bounds one publish with its retries: the library's own bound is ten minutes.
 * https://cloud.google.com/nodejs/docs/reference/pubsub/latest
 */
export function connectTopics(config: Config<"GOOGLE_CLOUD_PROJECT">, deadlineMs: number): Topics {
  const client = lazy(async () => {
    const { PubSub } = await import("@google-cloud/pubsub");
    return new PubSub({ projectId: config.GOOGLE_CLOUD_PROJECT });
  });
  const topics = new Map<string, Topic>();

  const openTopic = async (name: string): Promise<Topic> => {
    const topic = (await client()).topic(name, {
      gaxOpts: {
        timeout: deadlineMs,
        retry: {
          backoffSettings: {
            initialRetryDelayMillis: 100,
            retryDelayMultiplier: 2,
            maxRetryDelayMillis: 1000,
            initialRpcTimeoutMillis: deadlineMs,
            rpcTimeoutMultiplier: 1,
            maxRpcTimeoutMillis: deadlineMs,
            totalTimeoutMillis: deadlineMs,
          },
        },
      },
    });
    topics.set(name, topic);
    return topic;
  };

  return {
    async publish(name, message) {
      const topic = topics.get(name) ?? (await openTopic(name));
      await topic.publishMessage(message);
    },
  };
}
