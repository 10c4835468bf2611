/** Where Google's Firestore emulator listens, when `./dev test --google` has started it. */
export const googleFirestoreHost = process.env["C500_GOOGLE_FIRESTORE_HOST"];

/**
 * Points every Firestore client created from now on in this process at `host`, as a developer
 * would, and prevents the client from searching for a metadata server.
 */
export function useFirestoreAt(host: string): void {
  process.env["FIRESTORE_EMULATOR_HOST"] = host;
  process.env["METADATA_SERVER_DETECTION"] = "none";
}

/** Where Google's Pub/Sub emulator listens, when `./dev test --google` has started it. */
export const googlePubSubHost = process.env["C500_GOOGLE_PUBSUB_HOST"];
