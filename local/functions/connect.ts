import { connectGoogle } from "../../shared/clients/google.ts";
import type { FirestoreEmulator } from "../google/firestore/index.ts";
import type { PubSubEmulator } from "../google/pubsub/index.ts";
import type { TasksEmulator } from "../google/tasks/index.ts";
import { type Gate, gated } from "../kit/gate.ts";

/** Creates the clients through which an instance reaches everything outside. */
export type Connect = typeof connectGoogle;

/**
 * Creates the clients of one instance, with its own randomness and the gate that its calls pass.
 */
export type ConnectInstance = (random: () => number, gate: Gate) => Connect;

/**
 * Emulators that can be called in this process; undefined where the environment names another
 * server.
 */
interface Emulators {
  readonly firestore: Pick<FirestoreEmulator, "databaseOf"> | undefined;
  readonly pubsub: Pick<PubSubEmulator, "topicsOf"> | undefined;
  readonly tasks: Pick<TasksEmulator, "queues"> | undefined;
}

/**
 * Connects directly to the emulators in this process, to other Google services as usual, and to
 * everything else by `fetch`.
 */
export function connectInProcess(
  { firestore, pubsub, tasks }: Emulators,
  call: typeof fetch,
): ConnectInstance {
  return (random, gate) => (config, publishDeadlineMs) => {
    const { GOOGLE_CLOUD_PROJECT: projectId } = config;
    const google = connectGoogle(config, publishDeadlineMs);
    const database = firestore?.databaseOf(projectId, random, gate);
    return {
      database: database ? async () => database : google.database,
      topics: gated(pubsub?.topicsOf(projectId, publishDeadlineMs, random) ?? google.topics, gate),
      queues: gated(tasks?.queues(random) ?? google.queues, gate),
      fetch: (input, init) => gate("fetch", () => call(input, init)),
    };
  };
}
