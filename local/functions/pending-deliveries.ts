import type { Topics } from "../../shared/ports/topics.ts";
import { parseJson } from "../../shared/runtime/http.ts";
import type { SubscriptionPlan } from "../google/pubsub/provision.ts";
import { Activity } from "../kit/activity.ts";
import type { Connect } from "./connect.ts";

/** The attribute by which a push is recognised as the delivery of a counted message. */
const NUMBER_ATTRIBUTE = "local_number";

/**
 * Counts the messages that a Pub/Sub emulator in another process still has to deliver, because that cannot be asked.
 * The emulator has to ignore filters, as Google's does.
 */
export class PendingDeliveries {
  readonly #subscriptions = new Map<string, string[]>();
  readonly #pending = new Set<string>();
  readonly #activity = new Activity();
  #lastNumber = 0;

  constructor(subscriptions: readonly SubscriptionPlan[]) {
    for (const { id, topic } of subscriptions) {
      this.#subscriptions.set(topic, [...(this.#subscriptions.get(topic) ?? []), id]);
    }
  }

  /** Creates the same connections, and counts what is published through them. */
  counting(connect: Connect): Connect {
    return (config, publishDeadlineMs) => {
      const connections = connect(config, publishDeadlineMs);
      return { ...connections, topics: this.counted(connections.topics) };
    };
  }

  /** The same topics; what is published on them is counted. */
  counted(topics: Topics): Topics {
    return {
      publish: async (topic, { data, attributes }) => {
        const number = `${++this.#lastNumber}`;
        const deliveries = (this.#subscriptions.get(topic) ?? []).map((id) => `${number} ${id}`);
        for (const delivery of deliveries) this.#begin(delivery);
        try {
          const numbered = { ...attributes, [NUMBER_ATTRIBUTE]: number };
          await topics.publish(topic, { data, attributes: numbered });
        } catch (error) {
          for (const delivery of deliveries) this.#end(delivery);
          throw error;
        }
      },
    };
  }

  /** Notes that the function behind a subscription has acknowledged a push with this body. */
  acknowledged(subscriptionId: string, body: Buffer | undefined): void {
    const push = body && (parseJson(body) as Push | undefined);
    const number = push?.message?.attributes?.[NUMBER_ATTRIBUTE];
    if (number) this.#end(`${number} ${subscriptionId}`);
  }

  idle(): boolean {
    return this.#activity.idle;
  }

  /** Resolves when every counted message has been acknowledged; immediately if all have. */
  whenIdle(): Promise<void> {
    return this.#activity.whenIdle();
  }

  #begin(delivery: string): void {
    this.#pending.add(delivery);
    this.#activity.begin();
  }

  #end(delivery: string): void {
    if (this.#pending.delete(delivery)) this.#activity.end();
  }
}

/** The part of a push request's body that matters here. */
interface Push {
  readonly message?: { readonly attributes?: Readonly<Record<string, string>> };
}
