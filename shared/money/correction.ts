import {
  type LedgerTransaction,
  type Posting,
  racerAccount,
  type TransactionNote,
} from "./ledger.ts";

/** Money that an operator gives to a racer, or takes from them. */
export interface Adjustment {
  /** The operator's name for it; an adjustment with the same name is booked once. */
  readonly id: string;
  readonly racerId: string;
  /** What the racer gets, in minor units; negative if it is taken from them. Never 0. */
  readonly amount: number;
  readonly currency: string;
}

/** An adjustment counts from the beginning of time, so that it is effective at once on every clock. */
const ALWAYS = new Date(0);

/** The postings of an adjustment: the platform pays it or receives it. */
export function adjustmentTransaction(
  { id, racerId, amount, currency }: Adjustment,
  note: TransactionNote,
  at: Date,
): LedgerTransaction {
  const shared = { availableAt: ALWAYS, lobbyId: undefined };
  const postings: Posting[] = [
    { account: racerAccount(racerId), amount, ...shared },
    { account: "platform", amount: -amount, ...shared },
  ];
  return {
    id: adjustmentId(id),
    kind: "adjustment",
    at,
    currency,
    saleId: undefined,
    postings,
    note,
  };
}

/** The id of an adjustment's transaction. */
export function adjustmentId(id: string): string {
  return `adjustment.${id}`;
}

/** The id of the transaction that reverses another one. A transaction has at most one. */
export function reversalId(transactionId: string): string {
  return `reversal.${transactionId}`;
}

/**
 * The postings that reverse a whole transaction: the same ones with the opposite sign. Reversing an
 * adjustment is an adjustment; reversing a payout is returned money.
 */
export function reversalTransaction(
  reversed: Pick<LedgerTransaction, "id" | "kind" | "currency" | "postings">,
  note: TransactionNote,
  at: Date,
): LedgerTransaction {
  const { id, kind, currency, postings } = reversed;
  return {
    id: reversalId(id),
    kind: kind === "payout" ? "payout-returned" : kind,
    at,
    currency,
    saleId: undefined,
    note,
    reverses: id,
    postings: postings.map((posting) => ({ ...posting, amount: -posting.amount })),
  };
}
