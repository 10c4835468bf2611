import {
  allPostings,
  type StoredPosting,
  toPosting,
} from "../../../../../shared/money/ledger-entries.ts";
import type { Firestore } from "../../../../../shared/ports/database.ts";

/** An account's balance in one currency. */
export interface AccountBalance {
  readonly account: string;
  readonly currency: string;
  readonly balance: number;
  readonly postings: number;
}

/** All postings, oldest first; one that cannot be read is counted only. */
export interface Postings {
  readonly postings: readonly StoredPosting[];
  readonly unreadable: number;
}

/** Reads all postings. */
export async function readPostings(firestore: Firestore): Promise<Postings> {
  const { docs } = await allPostings(firestore).get();
  const postings = docs.flatMap((document) => {
    try {
      return [toPosting(document)];
    } catch {
      return [];
    }
  });
  postings.sort((one, other) => one.at.getTime() - other.at.getTime());
  return { postings, unreadable: docs.length - postings.length };
}

/** The balance of each account in each of its currencies, by account. */
export function balancesOf(postings: readonly StoredPosting[]): AccountBalance[] {
  const byAccount = Map.groupBy(postings, ({ account, currency }) => `${account} ${currency}`);
  return [...byAccount.values()]
    .map((own) => ({
      account: own[0]?.account ?? "",
      currency: own[0]?.currency ?? "",
      balance: own.reduce((total, { amount }) => total + amount, 0),
      postings: own.length,
    }))
    .sort((one, other) =>
      `${one.account} ${one.currency}` < `${other.account} ${other.currency}` ? -1 : 1,
    );
}
