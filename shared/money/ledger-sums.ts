import type { Firestore, Query, Transaction } from "../ports/database.ts";
import type { Account } from "./ledger.ts";
import { allPostings, toPosting } from "./ledger-entries.ts";

/** An amount in minor units. */
export interface CurrencySum {
  readonly currency: string;
  readonly amount: number;
}

/** Runs reads at one point in time, without locks. */
export function atOneMoment<T>(
  firestore: Firestore,
  read: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return firestore.runTransaction(read, { readOnly: true });
}

/** What an account could be paid in a currency, read within a transaction. */
export async function availableWithin(
  firestore: Firestore,
  transaction: Transaction,
  { account, currency, now }: { account: Account; currency: string; now: Date },
): Promise<number> {
  const available = allPostings(firestore)
    .where("account", "==", account)
    .where("currency", "==", currency)
    .where("available_at", "<=", now);
  return sumOf(firestore, available, transaction);
}

/** An account's total in each currency, available or not; read within a transaction. */
export function sumsWithin(
  firestore: Firestore,
  transaction: Transaction,
  account: Account,
): Promise<CurrencySum[]> {
  const ofAccount = allPostings(firestore).where("account", "==", account);
  return sumsOf(firestore, ofAccount, transaction);
}

/** What a lobby's racers have earned together, read within a transaction. */
export function potWithin(
  firestore: Firestore,
  transaction: Transaction,
  lobbyId: string,
): Promise<CurrencySum[]> {
  const earned = allPostings(firestore).where("lobby_id", "==", lobbyId);
  return sumsOf(firestore, earned, transaction);
}

async function sumsOf(
  firestore: Firestore,
  query: Query,
  transaction: Transaction,
): Promise<CurrencySum[]> {
  const currencies = await currenciesOf(query, transaction);
  return Promise.all(
    currencies.map(async (currency) => ({
      currency,
      amount: await sumOf(firestore, query.where("currency", "==", currency), transaction),
    })),
  );
}

/** The sum of a query's postings, in minor units. */
export function sumOf(
  firestore: Firestore,
  postings: Query,
  transaction?: Transaction,
): Promise<number> {
  return firestore.sum(postings, "amount", transaction);
}

/** The distinct values of `currency`: the first, then the first after it, and so on. */
export async function currenciesOf(query: Query, transaction: Transaction): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const last = found.at(-1);
    const rest = last === undefined ? query : query.where("currency", ">", last);
    const next = await transaction.get(rest.orderBy("currency").limit(1));
    const [first] = next.docs;
    if (!first) return found;
    found.push(toPosting(first).currency);
  }
}
