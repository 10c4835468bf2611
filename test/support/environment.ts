/** Where Google's Firestore emulator listens, when `./dev test --google` has started it. */
export const googleFirestoreHost = process.env["C500_GOOGLE_FIRESTORE_HOST"];

/**
 * Points every Firestore client made from here on in this process at `host`, the way a developer
 * would, and spares the client its search for a metadata server that is not there.
 */
export function useFirestoreAt(host: string): void {
  process.env["FIRESTORE_EMULATOR_HOST"] = host;
  process.env["METADATA_SERVER_DETECTION"] = "none";
}

/** Where Google's Pub/Sub emulator listens, when `./dev test --google` has started it. */
export const googlePubSubHost = process.env["C500_GOOGLE_PUBSUB_HOST"];
