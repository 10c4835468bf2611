import type { ChangesOf } from "../../../../shared/documents/define-document.ts";
import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
} from "../../../../shared/ports/database.ts";
import { debtDocument } from "../../documents/debt.ts";
import type { Debt } from "../../domain/debt.ts";

const DAY_MS = 24 * 3_600_000;

/** A debt that is due to be collected. */
export interface DueDebt {
  readonly builderId: string;
  readonly id: string;
}

/** The id of an order's debt for one cause. */
export function debtId(orderId: string, cause: string): string {
  return `${orderId}.${cause}`;
}

/** A day from now: when a debt is tried again. */
export function tomorrow(now: Date): Date {
  return new Date(now.getTime() + DAY_MS);
}

/** The document of one debt. */
export function debtReference(firestore: Firestore, builderId: string, causeId: string) {
  return debtDocument.place(firestore, builderId, causeId);
}

/** A builder's open debts. */
export function openDebts(firestore: Firestore, builderId: string) {
  return debtDocument.all(firestore, builderId).where("is_open", "==", true);
}

/** A builder's open debts of one order. */
export function openDebtsOf(firestore: Firestore, builderId: string, orderId: string) {
  return openDebts(firestore, builderId).where("order_id", "==", orderId);
}

/** The id of the builder who owes a debt, from the document's path. */
export function builderOf({ path }: DocumentReference): string {
  return path.split("/")[1] ?? "";
}

/** Reads a debt. Throws TerminalError naming the bad fields. */
export function toDebt(snapshot: DocumentSnapshot): Debt {
  const { reversing, reversals: attempt, ...debt } = debtDocument.read(snapshot);
  const reversal = reversing && { attempt, ...reversing };
  return { ...debt, builderId: builderOf(snapshot.ref), reversal };
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
