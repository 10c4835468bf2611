import type { Firestore } from "../../../shared/ports/database.ts";
import { DirectFirestore, type DirectFirestoreParts } from "./direct-firestore.ts";

/**
 * The database's port over an engine in this process, without a wire between them. It behaves as
 * Google's client does, its refusals, retries and waits included, which test/conformance demands of
 * both. Waits go by the clock; new ids and the length of waits by the randomness it is given. What
 * wraps the operations, such as a network of a simulation, is called once for each request.
 */
export function openDirectFirestore(parts: DirectFirestoreParts): Firestore {
  return new DirectFirestore(parts);
}
