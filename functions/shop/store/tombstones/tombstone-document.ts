import type { DocumentOf } from "../../../../shared/documents/define-document.ts";
import { addTransaction } from "../../../../shared/money/ledger-entries.ts";
import type {
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Transaction,
} from "../../../../shared/ports/database.ts";
import { tombstoneDocument } from "../../documents/tombstone.ts";
import {
  type Amounts,
  forgottenDebtTransaction,
  tombstoneExpiry,
} from "../../domain/forgotten-debt.ts";

type Tombstone = Omit<DocumentOf<typeof tombstoneDocument>, "id">;

/** Reads a tombstone; undefined if there is none. Throws TerminalError naming the bad fields. */
export function toTombstone(snapshot: DocumentSnapshot | undefined): Tombstone | undefined {
  return snapshot?.exists ? tombstoneDocument.read(snapshot) : undefined;
}

/** Writes a tombstone; its expiry follows from what it says `now`. */
export function writeTombstone(
  transaction: Transaction,
  place: DocumentReference,
  stone: Tombstone,
  now: Date,
): void {
  const expiresAt = tombstoneExpiry(stone, stone.chargeableUntil, now);
  tombstoneDocument.set(transaction, place, { ...stone, expiresAt });
}

/**
 * Moves someone's debts as a racer from their account to the common account of forgotten people, one ledger
 * transaction per currency; negative amounts move them back.
 */
export function moveRacerDebts(
  firestore: Firestore,
  transaction: Transaction,
  { id, userId, amounts }: { id: string; userId: string; amounts: Amounts },
  now: Date,
): void {
  for (const [currency, amount] of Object.entries(amounts)) {
    const move = { id, userId, currency, amount };
    addTransaction(firestore, transaction, forgottenDebtTransaction(move, now));
  }
}
