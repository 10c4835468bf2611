import { connectGoogle } from "../../shared/clients/google.ts";
import type { FirestoreEmulator } from "../firestore/index.ts";
import { type Gate, gated } from "../kit/gate.ts";
import type { PubSubEmulator } from "../pubsub/index.ts";
import type { TasksEmulator } from "../tasks/index.ts";

/** How an instance of a function reaches everything outside of it. */
export type Connect = typeof connectGoogle;

/** Makes what one instance reaches everything by: its own chance, and the gate of its calls. */
export type ConnectInstance = (random: () => number, gate: Gate) => Connect;

/** Emulators that can be called in this process; undefined where the environment names another. */
interface Emulators {
  readonly firestore: Pick<FirestoreEmulator, "databaseOf"> | undefined;
  readonly pubsub: Pick<PubSubEmulator, "topicsOf"> | undefined;
  readonly tasks: Pick<TasksEmulator, "queues"> | undefined;
}

/** Calls the emulators in this process, what is none of them as usual, and everything else by `fetch`. */
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
