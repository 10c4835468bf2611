import type { ChangesOf } from "../../../../shared/documents/define-document.ts";
import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
} from "../../../../shared/ports/database.ts";
import { debtDocument } from "../../documents/debt.ts";

/** What a builder owes for one order and cause. Amounts are minor units. */
export interface Debt {
  readonly builderId: string;
  readonly id: string;
  /** Undefined for a debt from before the builder was forgotten. */
  readonly orderId: string | undefined;
  readonly currency: string;
  readonly amount: number;
  /** The part that is paid: reversed, or withheld from a later transfer. */
  readonly settled: number;
  /** The part of `settled` that was reversed from the order's transfers. */
  readonly reversed: number;
  /** The reversal under way, if any; Stripe may or may not have made it. */
  readonly reversal: Reversal | undefined;
}

/** A reversal that was decided. */
export interface Reversal {
  /** Number of this reversal within the debt; a new number is a new call to Stripe. */
  readonly attempt: number;
  readonly amount: number;
}

/** The id of an order's debt for one cause. */
export function debtId(orderId: string, cause: string): string {
  return `${orderId}.${cause}`;
}

/** The document of one debt. */
export function debtReference(firestore: Firestore, builderId: string, causeId: string) {
  return debtDocument.place(firestore, builderId, causeId);
}

/** A builder's open debts. */
export function openDebts(firestore: Firestore, builderId: string) {
  return debtDocument.all(firestore, builderId).where("is_open", "==", true);
}

/** The id of the builder who owes a debt, from the document's path. */
export function builderOf({ path }: DocumentReference): string {
  return path.split("/")[1] ?? "";
}

/** Reads a debt. Throws TerminalError naming the bad fields. */
export function toDebt(snapshot: DocumentSnapshot): Debt {
  const { reversing, reversals, ...debt } = debtDocument.read(snapshot);
  return {
    ...debt,
    builderId: builderOf(snapshot.ref),
    reversal: reversing === undefined ? undefined : { attempt: reversals, amount: reversing },
  };
}

/** The fields of a new debt, which is due immediately. */
export function newDebt(
  { orderId, amount, currency }: Pick<Debt, "orderId" | "amount" | "currency">,
  now: Date,
) {
  return {
    orderId,
    amount,
    currency,
    settled: 0,
    reversals: 0,
    reversing: undefined,
    reversed: 0,
    isOpen: true,
    dueAt: now,
    createdAt: now,
  };
}

/**
 * Changes that set a debt's settled amount. An open debt keeps its due time; only an attempt to collect it changes
 * that.
 */
export function settledTo(amount: number, settled: number): ChangesOf<typeof debtDocument> {
  const isOpen = settled < amount;
  return { settled, isOpen, ...(!isOpen && { dueAt: undefined }) };
}
