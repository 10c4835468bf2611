import type { Firestore } from "@google-cloud/firestore";
import type { Config } from "../runtime/config.ts";
import { lazy } from "../runtime/lazy.ts";

/** The database, connected on first use. */
export type Database = () => Promise<Firestore>;

/**
 * Connects to Firestore; to `FIRESTORE_EMULATOR_HOST` when the library finds it in the environment.
 * https://cloud.google.com/nodejs/docs/reference/firestore/latest
 */
export function connectFirestore(config: Config<"GOOGLE_CLOUD_PROJECT">): Database {
  return lazy(async () => {
    const { Firestore } = await import("@google-cloud/firestore");
    return new Firestore({
      projectId: config.GOOGLE_CLOUD_PROJECT,
      // Else any failed read or query is tried again for some seconds, whatever its code.
      gaxServerStreamingRetries: true,
    });
  });
}
