import type { Firestore } from "../../../../shared/ports/database.ts";
import { DirectFirestore, type DirectFirestoreParts } from "./direct-firestore.ts";

/**
 * Opens the database port over an engine in this process, without a network. It behaves as Google's
 * client does, including its argument errors, retries and delays; test/conformance checks both.
 * Delays use the clock; new ids and jitter use the given randomness. A wrapper around the
 * operations, such as a simulated network, is called once per request.
 */
export function openDirectFirestore(parts: DirectFirestoreParts): Firestore {
  return new DirectFirestore(parts);
}
