import { ledgerPostingDocument } from "../../../shared/documents/definitions/ledger-posting.ts";
import { ledgerTransactionDocument } from "../../../shared/documents/definitions/ledger-transaction.ts";
import {
  type Adjustment,
  adjustmentId,
  adjustmentTransaction,
  reversalId,
  reversalTransaction,
} from "../../../shared/money/correction.ts";
import type { LedgerTransaction, TransactionNote } from "../../../shared/money/ledger.ts";
import {
  addTransaction,
  type StoredTransaction,
  toLedgerPosting,
  toTransaction,
} from "../../../shared/money/ledger-entries.ts";
import type { Database, Firestore, Transaction } from "../../../shared/ports/database.ts";
import { payoutDocument } from "../documents/payout.ts";
import { toPayout } from "./payouts/payout-document.ts";

/** A booked transaction, and the one that reverses it, if there is one. */
export interface Correctable {
  readonly entry: LedgerTransaction;
  readonly reversal: StoredTransaction | undefined;
  /** Only for payouts: whether the payout is in progress, made or returned. */
  readonly payoutState: "open" | "done" | "returned" | undefined;
}

/**
 * The outcome of a correction. `booked`: booked now. `repeated`: the same correction was booked before. `taken`:
 * the id stands for something else, or the transaction cannot be reversed.
 */
export type CorrectionOutcome = "booked" | "repeated" | "taken";

/** Operators' corrections of the ledger; each is a transaction of its own. */
export function createCorrections(database: Database) {
  return {
    /** A transaction of the ledger; undefined if there is none with this id. */
    async find(transactionId: string): Promise<Correctable | undefined> {
      const firestore = await database();
      const read = (transaction: Transaction) => readWithin(firestore, transaction, transactionId);
      return firestore.runTransaction(read, { readOnly: true });
    },

    /** Books an adjustment once under its id; `taken` if a different adjustment has this id. */
    async adjust(
      adjustment: Adjustment,
      note: TransactionNote,
      now: Date,
    ): Promise<CorrectionOutcome> {
      const firestore = await database();
      const wanted = adjustmentTransaction(adjustment, note, now);
      return firestore.runTransaction(async (transaction) => {
        const known = await readWithin(firestore, transaction, adjustmentId(adjustment.id));
        if (known) return isSame(known.entry, wanted) ? "repeated" : "taken";
        addTransaction(firestore, transaction, wanted);
        return "booked";
      });
    },

    /**
     * Reverses a payout or an adjustment once; `taken` if that is impossible: there is no such transaction, or the
     * payout is in progress or was returned.
     */
    async reverse(
      transactionId: string,
      note: TransactionNote,
      now: Date,
    ): Promise<CorrectionOutcome> {
      const firestore = await database();
      return firestore.runTransaction(async (transaction) => {
        const known = await readWithin(firestore, transaction, transactionId);
        if (known?.reversal) return "repeated";
        if (!known || !isReversible(known)) return "taken";
        addTransaction(firestore, transaction, reversalTransaction(known.entry, note, now));
        return "booked";
      });
    },
  };
}

/** Whether a transaction may be reversed by one with the opposite postings. */
export function isReversible({ entry, payoutState }: Correctable): boolean {
  if (entry.reverses !== undefined) return false;
  return entry.kind === "adjustment" || (entry.kind === "payout" && payoutState === "done");
}

async function readWithin(
  firestore: Firestore,
  transaction: Transaction,
  id: string,
): Promise<Correctable | undefined> {
  const places = [id, reversalId(id)].map((each) =>
    ledgerTransactionDocument.place(firestore, each),
  );
  const [entry, reversal] = await transaction.getAll(...places);
  if (!entry?.exists) return undefined;
  const [, payoutId] = /^payout\.(.+)$/.exec(id) ?? [];
  const postings = await transaction.get(ledgerPostingDocument.all(firestore, id));
  const payout = payoutId
    ? await transaction.get(payoutDocument.place(firestore, payoutId))
    : undefined;
  return {
    entry: {
      ...toTransaction(entry),
      postings: postings.docs.map(toLedgerPosting),
    },
    reversal: reversal?.exists ? toTransaction(reversal) : undefined,
    payoutState: payout?.exists ? toPayout(payout).state : undefined,
  };
}

function isSame(one: LedgerTransaction, other: LedgerTransaction): boolean {
  const said = ({ currency, postings }: LedgerTransaction) =>
    [currency, ...postings.map(({ account, amount }) => `${account} ${amount}`).toSorted()].join();
  return said(one) === said(other);
}
