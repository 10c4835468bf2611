import type { DocumentOf } from "../documents/define-document.ts";
import { ledgerPostingDocument } from "../documents/definitions/ledger-posting.ts";
import { ledgerTransactionDocument } from "../documents/definitions/ledger-transaction.ts";
import type { DocumentSnapshot, Firestore, Query, Transaction } from "../ports/database.ts";
import { type Account, assertBalanced, type LedgerTransaction, type Posting } from "./ledger.ts";

/** A posting as it is stored. */
export interface StoredPosting extends Omit<DocumentOf<typeof ledgerPostingDocument>, "id"> {
  readonly transactionId: string;
}

/** A movement of money as it is stored, without its postings. */
export interface StoredTransaction extends Omit<LedgerTransaction, "postings"> {
  /** How many postings it was written with. */
  readonly postings: number;
}

/** The postings of all transactions. */
export function allPostings(firestore: Firestore): Query {
  return firestore.collectionGroup("postings");
}

/**
 * Adds a movement of money. Idempotency: an existing transaction with the same id fails the commit. A movement
 * without postings adds nothing. Throws RangeError if the postings do not sum to zero.
 */
export function addTransaction(
  firestore: Firestore,
  transaction: Transaction,
  entry: LedgerTransaction,
): void {
  if (entry.postings.length === 0) return;
  assertBalanced(entry);
  const { kind, at, currency, saleId, note, reverses } = entry;
  const shared = { kind, at, currency, saleId };
  ledgerTransactionDocument.create(
    transaction,
    ledgerTransactionDocument.place(firestore, entry.id),
    {
      ...shared,
      ...note,
      ...(reverses !== undefined && { reverses }),
      postings: entry.postings.length,
    },
  );
  for (const [index, posting] of entry.postings.entries()) {
    const place = ledgerPostingDocument.place(firestore, entry.id, String(index));
    ledgerPostingDocument.create(transaction, place, { ...posting, ...shared });
  }
}

/** Reads a stored transaction. Throws TerminalError if it is malformed. */
export function toTransaction(snapshot: DocumentSnapshot): StoredTransaction {
  const { reason, author, reverses, ...entry } = ledgerTransactionDocument.read(snapshot);
  return {
    ...entry,
    ...(reason !== undefined && author !== undefined && { note: { reason, author } }),
    ...(reverses !== undefined && { reverses }),
  };
}

/** Reads a stored posting as it was given to `addTransaction`. Throws TerminalError if it is malformed. */
export function toLedgerPosting(snapshot: DocumentSnapshot): Posting {
  const { account, amount, availableAt, lobbyId } = toPosting(snapshot);
  return { account: account as Account, amount, availableAt, lobbyId };
}

/** Reads a stored posting. Throws TerminalError if it is malformed. */
export function toPosting(snapshot: DocumentSnapshot): StoredPosting {
  const { id: _, ...posting } = ledgerPostingDocument.read(snapshot);
  const { path } = snapshot.ref;
  return { transactionId: path.split("/").at(-3) ?? path, ...posting };
}
