import { startEmulator } from "./emulator-process.ts";
import type { GoogleEmulators } from "./find.ts";

export { findGoogleEmulators, MissingEmulatorsError } from "./find.ts";

/** Google's running emulators. */
interface RunningGoogleEmulators {
  /** "127.0.0.1:PORT", for FIRESTORE_EMULATOR_HOST. */
  readonly firestoreHost: string;
  /** "127.0.0.1:PORT", for PUBSUB_EMULATOR_HOST. */
  readonly pubsubHost: string;
  stop(): Promise<void>;
}

/** They run for a minute or two: a collector without threads and the quick compiler take less of the processors. */
const JAVA_FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

/**
 * Starts both emulators, empty, on free ports of this machine and waits until they answer. They end
 * with `stop` and with this process, however it ends.
 */
export async function startGoogleEmulators({
  java,
  firestoreJar,
  pubsubJar,
}: GoogleEmulators): Promise<RunningGoogleEmulators> {
  const starting = [
    // The emulator's own start script sets English, the only language it supports.
    startEmulator("Firestore", [
      java,
      ...JAVA_FLAGS,
      "-Duser.language=en",
      "-cp",
      firestoreJar,
      "com.google.cloud.datastore.emulator.firestore.CloudFirestore",
    ]),
    startEmulator("Pub/Sub", [java, ...JAVA_FLAGS, "-jar", pubsubJar]),
  ] as const;
  const stop = async () => {
    const settled = await Promise.allSettled(starting);
    await Promise.all(settled.map((one) => (one.status === "fulfilled" ? one.value.stop() : null)));
  };
  try {
    const [firestore, pubsub] = await Promise.all(starting);
    return { firestoreHost: firestore.host, pubsubHost: pubsub.host, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
