import { reversalId } from "../../../shared/money/correction.ts";
import type { TransactionKind } from "../../../shared/money/ledger.ts";
import {
  type StoredPosting,
  type StoredTransaction,
  toPosting,
  toTransaction,
} from "../../../shared/money/ledger-entries.ts";
import { alongside, type Books } from "./books.ts";
import type { Tally } from "./check.ts";
import { differences } from "./differences.ts";

/** The prefix of each kind of transaction's id. */
const PREFIXES: Readonly<Record<TransactionKind, string>> = {
  sale: "sale.",
  refund: "refund.",
  freeze: "freeze.",
  payout: "payout.",
  "payout-returned": "payout-returned.",
  adjustment: "adjustment.",
  "forgotten-debt": "forgotten-debt.",
};

/** Compares each transaction with its postings; both lists are ordered by the transactions' ids. */
export async function flawsOfTransactions(books: Books, tally: Tally): Promise<void> {
  const { firestore } = books;
  const transactions = books.list({
    query: firestore.collection("ledger").orderBy("__name__"),
    read: toTransaction,
    onUnreadable: tally.flaw,
  });
  const postings = books.list({
    query: firestore.collectionGroup("postings").orderBy("__name__"),
    read: toPosting,
    onUnreadable: tally.flaw,
  });
  const groups = alongside<[StoredTransaction, StoredPosting]>(
    { items: transactions, keyOf: ({ id }) => id },
    { items: postings, keyOf: ({ transactionId }) => transactionId },
  );
  for await (const [id, [entry], own] of groups) {
    for (const posting of own) tally.add(posting);
    if (!entry) {
      tally.flaw(id, "It has postings, but no transaction.");
      continue;
    }
    tally.counted.transactions += 1;
    for (const what of problemsOf(entry, own)) tally.flaw(id, what);
    for (const what of await problemsOfReversal(entry, own, books)) tally.flaw(id, what);
  }
}

function problemsOf(entry: StoredTransaction, own: readonly StoredPosting[]): string[] {
  const problems: string[] = [];
  const sum = own.reduce((total, { amount }) => total + amount, 0);
  if (sum !== 0) problems.push(`Its postings sum to ${sum}.`);
  if (own.length !== entry.postings) {
    problems.push(`It has ${own.length} postings, not ${entry.postings}.`);
  }
  const isMixed = own.some(
    ({ currency, kind, saleId, at }) =>
      currency !== entry.currency ||
      kind !== entry.kind ||
      saleId !== entry.saleId ||
      at.getTime() !== entry.at.getTime(),
  );
  if (isMixed) problems.push("Its postings differ in currency, kind, sale or time.");
  const { id, kind, reverses, note } = entry;
  const isNamed =
    reverses === undefined ? id.startsWith(PREFIXES[kind]) : id === reversalId(reverses);
  if (!isNamed) problems.push(`Its id is not that of a ${kind}.`);
  const isByHand = kind === "adjustment" || reverses !== undefined;
  if (isByHand && !note) problems.push("It has no reason or no author.");
  return problems;
}

/** A reversal must have the postings of what it reverses with the opposite sign. */
async function problemsOfReversal(
  { reverses, currency }: StoredTransaction,
  own: readonly StoredPosting[],
  books: Books,
): Promise<string[]> {
  if (reverses === undefined) return [];
  const place = books.firestore.collection("ledger").doc(reverses).collection("postings");
  const { docs } = await books.at((transaction) => transaction.get(place));
  if (docs.length === 0) return [`It reverses ${reverses}, which does not exist.`];
  const postings = docs.map(toPosting).map((posting) => ({ ...posting, amount: -posting.amount }));
  return differences("Its postings", { currency, postings }, own);
}
