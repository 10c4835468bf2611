import type { Connections } from "../ports/connections.ts";
import type { Config } from "../runtime/config.ts";
import { connectFirestore } from "./firestore.ts";
import { connectTopics } from "./pubsub.ts";
import { connectQueues } from "./tasks.ts";

/** Connects to Google Cloud and the internet, or to the emulators that the environment names. */
export function connectGoogle(config: Config, publishDeadlineMs: number): Connections {
  return {
    database: connectFirestore(config),
    topics: connectTopics(config, publishDeadlineMs),
    queues: connectQueues(config),
    fetch,
  };
}
