import type { DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { payoutDocument } from "../../documents/payout.ts";
import type { Payout } from "../../domain/payout.ts";

/** Decodes a stored payout. Throws TerminalError if it is malformed. */
export function toPayout(snapshot: DocumentSnapshot): Payout {
  return payoutDocument.read(snapshot);
}
