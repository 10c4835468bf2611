import { findGoogleEmulators, startGoogleEmulators } from "../../local/google/official/index.ts";
import { environment } from "../../local/kit/environment.ts";

/**
 * The suites that make sense on Google's emulators: conformance, and those product tests that inject no
 * faults. Only our emulators have fault plans, and Google's Pub/Sub emulator ignores filters.
 */
const SUITES = [
  "test/local/google/firestore/conformance/",
  "test/conformance/",
  "test/local/google/pubsub/",
  "test/functions/going-live/",
  "test/functions/ingress/internal-api",
  "test/functions/shop/checkout/first-sale",
];

/** Google's emulators, running, and the settings with which Jest reaches them. */
export interface GoogleRun {
  readonly suites: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts Google's emulators. Throws an error that says what is missing and how to install it. */
export async function startGoogleRun(): Promise<GoogleRun> {
  const { firestoreHost, pubsubHost, stop } = await startGoogleEmulators(
    findGoogleEmulators(environment),
  );
  return {
    suites: SUITES,
    environment: {
      C500_GOOGLE_FIRESTORE_HOST: firestoreHost,
      C500_GOOGLE_PUBSUB_HOST: pubsubHost,
    },
    stop,
  };
}

/** Whether Java and the emulators are installed on this machine. */
export function hasGoogleEmulators(): boolean {
  try {
    findGoogleEmulators(environment);
    return true;
  } catch {
    return false;
  }
}
