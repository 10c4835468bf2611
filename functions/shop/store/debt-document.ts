import * as z from "zod/mini";
import { parseDocument, stored } from "../../../shared/documents/document.ts";
import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
} from "../../../shared/ports/database.ts";

/** What a builder owes of one order, for one cause. Amounts are minor units. */
export interface Debt {
  readonly builderId: string;
  readonly id: string;
  /** Undefined for what someone owed before they were forgotten. */
  readonly orderId: string | undefined;
  readonly currency: string;
  readonly amount: number;
  /** What of it has come back: reversed, or kept from a later transfer. */
  readonly settled: number;
  /** What of that was taken back of the order's transfers. */
  readonly reversed: number;
  /** What is being taken back now, if anything: Stripe may or may not have done it. */
  readonly reversal: Reversal | undefined;
}

/** A reversal that is decided. */
export interface Reversal {
  /** Counts those of the debt: another one is another call to Stripe. */
  readonly attempt: number;
  readonly amount: number;
}

/** A debt as it is stored. */
export const debtDocument = z.object({
  order_id: stored(z.string()),
  amount: z.int(),
  settled: z.int(),
  currency: z.string(),
  reversals: z.int(),
  reversing: stored(z.int()),
  /** What of `settled` was taken back of the order's transfers. */
  reversed: z.int(),
});

/** The id of what is owed of an order for one cause. */
export function debtId(orderId: string, cause: string): string {
  return `${orderId}.${cause}`;
}

/** Where the debt of one cause is kept. */
export function debtReference(firestore: Firestore, builderId: string, causeId: string) {
  return firestore.collection("builders").doc(builderId).collection("debts").doc(causeId);
}

/** What a builder owes and has not settled. */
export function openDebts(firestore: Firestore, builderId: string) {
  return firestore
    .collection("builders")
    .doc(builderId)
    .collection("debts")
    .where("is_open", "==", true);
}

/** The builder in whose collection a debt is. */
export function builderOf({ path }: DocumentReference): string {
  return path.split("/")[1] ?? "";
}

/** Reads a debt. Throws as `parseDocument` does. */
export function toDebt(snapshot: DocumentSnapshot): Debt {
  const { ref } = snapshot;
  const fields = parseDocument(ref.path, debtDocument, snapshot.data());
  const { reversing } = fields;
  return {
    builderId: builderOf(ref),
    id: ref.id,
    orderId: fields.order_id,
    currency: fields.currency,
    amount: fields.amount,
    settled: fields.settled,
    reversed: fields.reversed,
    reversal:
      reversing === undefined ? undefined : { attempt: fields.reversals, amount: reversing },
  };
}

/** A new debt as it is stored: due at once. */
export function debtFields(
  debt: Pick<Debt, "orderId" | "amount" | "currency">,
  now: Date,
): Record<string, unknown> {
  return {
    ...{ order_id: debt.orderId ?? null, amount: debt.amount, currency: debt.currency },
    ...{
      settled: 0,
      reversals: 0,
      reversing: null,
      reversed: 0,
      is_open: true,
      due_at: now,
      created_at: now,
    },
  };
}

/** What is settled of a debt. What is left stays due when it was: only a try to collect it moves that. */
export function settledFields(amount: number, settled: number) {
  const is_open = settled < amount;
  return { settled, is_open, ...(!is_open && { due_at: null }) };
}
