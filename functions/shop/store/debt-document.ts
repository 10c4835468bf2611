import type { ChangesOf } from "../../../shared/documents/define-document.ts";
import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
} from "../../../shared/ports/database.ts";
import { debtDocument } from "../documents/debt.ts";

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

/** The id of what is owed of an order for one cause. */
export function debtId(orderId: string, cause: string): string {
  return `${orderId}.${cause}`;
}

/** Where the debt of one cause is kept. */
export function debtReference(firestore: Firestore, builderId: string, causeId: string) {
  return debtDocument.place(firestore, builderId, causeId);
}

/** What a builder owes and has not settled. */
export function openDebts(firestore: Firestore, builderId: string) {
  return debtDocument.all(firestore, builderId).where("is_open", "==", true);
}

/** The builder in whose collection a debt is. */
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

/** A new debt: due at once. */
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

/** What is settled of a debt. What is left stays due when it was: only a try to collect it moves that. */
export function settledTo(amount: number, settled: number): ChangesOf<typeof debtDocument> {
  const isOpen = settled < amount;
  return { settled, isOpen, ...(!isOpen && { dueAt: undefined }) };
}
