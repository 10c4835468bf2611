import * as z from "zod/mini";
import { parseDocument } from "../../../shared/documents/document.ts";
import type { DocumentReference, Firestore } from "../../../shared/ports/database.ts";
import type { Refund } from "../domain/refund.ts";

const refundDocument = z.object({
  kind: z.enum(["refund", "dispute"]),
  amount: z.int(),
  state: z.enum(["requested", "made", "failed", "closed"]),
  attempt: z.int(),
  restock: z.boolean(),
  is_owed: z.boolean(),
  is_limited: z.boolean(),
});

/** Where a refund of an order is kept. */
export function placeOf(firestore: Firestore, orderId: string, id: string): DocumentReference {
  return firestore.collection("orders").doc(orderId).collection("refunds").doc(id);
}

/** Reads a refund. Throws as `parseDocument` does. */
export function toRefund(place: DocumentReference, data: unknown): Refund {
  const fields = parseDocument(place.path, refundDocument, data);
  return {
    id: place.id,
    kind: fields.kind,
    amount: fields.amount,
    state: fields.state,
    attempt: fields.attempt,
    restock: fields.restock,
    isOwed: fields.is_owed,
    isLimited: fields.is_limited,
  };
}

/** A refund as it is stored. */
export function fieldsOf(refund: Refund) {
  return {
    kind: refund.kind,
    amount: refund.amount,
    state: refund.state,
    attempt: refund.attempt,
    restock: refund.restock,
    is_owed: refund.isOwed,
    is_limited: refund.isLimited,
  };
}
