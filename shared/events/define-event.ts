import type * as z from "zod/mini";
import { currentVersion, type Upgrade } from "../documents/version.ts";

/** The base of every event: an id derived from its cause, so that a repeat has the same id. */
export interface EventBase {
  readonly id: string;
}

/** The schema of a body, and how to upgrade older versions. */
export interface Shape<T extends EventBase = EventBase> {
  readonly schema: z.ZodMiniType<T>;
  /** The version of the schema: one more than there are upgrades. */
  readonly version: number;
  /** From version 1 to 2, from 2 to 3 and so on, up to the schema. */
  readonly upgrades: readonly Upgrade[];
}

/** One kind of event: its topic, its shape, and the attributes by which subscriptions filter. */
export interface EventDefinition<T extends EventBase = EventBase> extends Shape<T> {
  readonly topic: string;
  /** At most 100, keys up to 256 bytes, values up to 1,024 bytes (Pub/Sub's limits). */
  readonly attributes: (event: T) => Readonly<Record<string, string>>;
}

/** One kind of task: the queue it waits in, named like the function it calls, and its body. */
export interface TaskDefinition<T extends EventBase = EventBase> extends Shape<T> {
  readonly queue: string;
}

/** The current schema, and upgrades if there were earlier ones. */
type Shaped<T extends EventBase> = Pick<Shape<T>, "schema"> & Partial<Pick<Shape<T>, "upgrades">>;

/** Declares an event. All publishers and subscribers use the returned definition. */
export function defineEvent<T extends EventBase>(
  definition: Shaped<T> & Pick<EventDefinition<T>, "topic"> & Partial<EventDefinition<T>>,
): EventDefinition<T> {
  return { attributes: () => ({}), ...definition, ...versioned(definition.upgrades) };
}

/** Declares a task. All creators and workers use the returned definition. */
export function defineTask<T extends EventBase>(
  definition: Shaped<T> & Pick<TaskDefinition<T>, "queue">,
): TaskDefinition<T> {
  return { ...definition, ...versioned(definition.upgrades) };
}

function versioned(upgrades: readonly Upgrade[] = []) {
  return { upgrades, version: currentVersion(upgrades) };
}
