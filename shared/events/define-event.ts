import type * as z from "zod/mini";

/** What every event carries: an id taken from its cause, the same however often it is published. */
export interface EventBase {
  readonly id: string;
}

/** One kind of event: the topic it travels on, its shape, and the attributes subscriptions filter by. */
export interface EventDefinition<T extends EventBase = EventBase> {
  readonly topic: string;
  readonly schema: z.ZodMiniType<T>;
  /** At most 100, keys up to 256 bytes, values up to 1,024 bytes (Pub/Sub's limits). */
  readonly attributes: (event: T) => Readonly<Record<string, string>>;
}

/** One kind of task: the queue it waits in, named like the function it calls, and its body. */
export interface TaskDefinition<T extends EventBase = EventBase> {
  readonly queue: string;
  readonly schema: z.ZodMiniType<T>;
}

/** Declares an event; published and consumed only through what this gives. */
export function defineEvent<T extends EventBase>(
  definition: Pick<EventDefinition<T>, "topic" | "schema"> & Partial<EventDefinition<T>>,
): EventDefinition<T> {
  return { attributes: () => ({}), ...definition };
}
