import { connectGoogle } from "../../shared/clients/google.ts";
import type { FirestoreStandIn } from "../firestore/index.ts";
import type { PubSubStandIn } from "../pubsub/index.ts";
import type { TasksStandIn } from "../tasks/index.ts";

/** How an instance of a function reaches everything outside of it. */
export type Connect = typeof connectGoogle;

/** Emulators that can be called in this process; undefined where the environment names another. */
interface Emulators {
  readonly firestore: Pick<FirestoreStandIn, "databaseOf"> | undefined;
  readonly pubsub: Pick<PubSubStandIn, "topicsOf"> | undefined;
  readonly tasks: Pick<TasksStandIn, "queues"> | undefined;
}

/** Calls the emulators in this process, what is none of them as usual, and everything else by `fetch`. */
export function connectInProcess(
  { firestore, pubsub, tasks }: Emulators,
  call: typeof fetch,
  random: () => number = Math.random,
): Connect {
  return (config, publishDeadlineMs) => {
    const { GOOGLE_CLOUD_PROJECT: projectId } = config;
    const google = connectGoogle(config, publishDeadlineMs);
    const database = firestore?.databaseOf(projectId, random);
    return {
      database: database ? async () => database : google.database,
      topics: pubsub?.topicsOf(projectId, publishDeadlineMs, random) ?? google.topics,
      queues: tasks?.queues(random) ?? google.queues,
      fetch: call,
    };
  };
}
