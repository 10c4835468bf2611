import {
  type Payout,
  payoutReturnTransaction,
  payoutTransaction,
} from "../../../functions/races/domain/payout.ts";
import {
  type BookedSale,
  refundTransaction,
  saleTransaction,
  withinBase,
} from "../../../functions/races/domain/sale.ts";
import { freezeTransaction } from "../../../functions/races/domain/share-freeze.ts";
import { toPayout } from "../../../functions/races/store/payouts/payout-document.ts";
import { takenBy, toSale } from "../../../functions/races/store/sales/sale-document.ts";
import type { LedgerTransaction } from "../../../shared/money/ledger.ts";
import { type StoredPosting, toPosting } from "../../../shared/money/ledger-entries.ts";
import type { DocumentSnapshot, Query } from "../../../shared/ports/database.ts";
import { alongside, type Books } from "./books.ts";
import type { Tally } from "./check.ts";
import { differences } from "./differences.ts";

/** https://firebase.google.com/docs/firestore/query-data/queries#limits_on_or_queries */
const TOGETHER = 30;
/** The time of booking is not part of any comparison. */
const WHENEVER = new Date(0);
/** Sort before and after every id that we use. */
const [FIRST, LAST] = ["!", "~"];

/** Compares each sale with its reported refunds and its postings. */
export async function flawsOfSales(books: Books, tally: Tally): Promise<void> {
  const { firestore } = books;
  const sales = books.list({
    query: firestore.collection("sales").orderBy("__name__"),
    read: toSale,
    onUnreadable: tally.flaw,
  });
  // Orders have refunds too; their paths sort before those of sales.
  const refunds = books.list({
    query: firestore
      .collectionGroup("refunds")
      .orderBy("__name__")
      .startAt(firestore.doc(`sales/${FIRST}/refunds/${FIRST}`)),
    read: (document) => document,
  });
  const postings = books.list({
    query: firestore
      .collectionGroup("postings")
      .where("sale_id", ">", "")
      .orderBy("sale_id")
      .orderBy("__name__"),
    read: readPosting,
  });
  const groups = alongside<[BookedSale, DocumentSnapshot, StoredPosting]>(
    { items: sales, keyOf: ({ id }) => id },
    { items: refunds, keyOf: ({ ref }) => ref.parent.parent?.id ?? "" },
    { items: postings, keyOf: ({ saleId }) => saleId ?? "" },
  );
  for await (const [id, [sale], reported, own] of groups) {
    if (sale) {
      tally.counted.sales += 1;
      for (const what of problemsOfSale(sale, reported, own, tally)) tally.flaw(id, what);
      continue;
    }
    for (const stray of new Set(own.map(({ transactionId }) => transactionId))) {
      tally.flaw(stray, "It belongs to a sale that does not exist.");
    }
  }
}

function problemsOfSale(
  sale: BookedSale,
  reported: readonly DocumentSnapshot[],
  own: readonly StoredPosting[],
  tally: Tally,
): string[] {
  const taken = reported.flatMap((refund) => {
    try {
      return [takenBy(refund, sale)];
    } catch {
      tally.flaw(refund.ref.path, "It cannot be read.");
      return [];
    }
  });
  const made = own.filter(({ transactionId }) => transactionId === `sale.${sale.id}`);
  const refunded = own.filter(({ kind }) => kind === "refund");
  const frozen = own.filter(({ kind }) => kind === "freeze");
  const freeze = freezeTransaction({ ...sale, frozen: [] }, sale.frozen, WHENEVER);
  const comeTo = withinBase(sale.base, taken);
  return [
    ...differences("Its postings", saleTransaction(sale, WHENEVER), made),
    ...differences("The postings of its refunds", refundsOf(sale), refunded),
    ...differences("The postings of its freezes", freeze, frozen),
    ...(comeTo === sale.refunded
      ? []
      : [`Its refunds add up to ${comeTo}, but it says ${sale.refunded}.`]),
  ];
}

/** All refunds of a sale as one transaction. */
function refundsOf(sale: BookedSale): LedgerTransaction {
  return refundTransaction({ ...sale, refunded: 0 }, sale.refunded, sale.id, WHENEVER);
}

/** Compares each payout with the postings that took the money out, and those that returned it. */
export async function flawsOfPayouts(books: Books, tally: Tally): Promise<void> {
  const { firestore } = books;
  const payouts = books.list({
    query: firestore.collection("payouts").orderBy("__name__"),
    read: toPayout,
    onUnreadable: tally.flaw,
  });
  const postingsOf = (prefix: string) => {
    const place = (end: string) => firestore.doc(`ledger/${prefix}${end}/postings/${end}`);
    const query: Query = firestore.collectionGroup("postings").orderBy("__name__");
    const items = books.list({
      query: query.startAt(place(FIRST)).endBefore(place(LAST)),
      read: readPosting,
    });
    const keyOf = ({ transactionId }: StoredPosting) => transactionId.slice(prefix.length);
    return { items, keyOf };
  };
  const groups = alongside<[Payout, StoredPosting, StoredPosting]>(
    { items: payouts, keyOf: ({ id }) => id },
    postingsOf("payout."),
    postingsOf("payout-returned."),
  );
  for await (const [id, [payout], out, back] of groups) {
    if (payout) tally.counted.payouts += 1;
    const problems = payout ? problemsOfPayout(payout, out, back) : [];
    for (const what of problems) tally.flaw(id, what);
    const strays = [...(payout ? [] : out), ...(payout?.state === "returned" ? [] : back)];
    for (const stray of new Set(strays.map(({ transactionId }) => transactionId))) {
      tally.flaw(stray, "It belongs to a payout that does not exist or was not returned.");
    }
  }
}

function problemsOfPayout(
  payout: Payout,
  out: readonly StoredPosting[],
  back: readonly StoredPosting[],
): string[] {
  const { state, method, transferId } = payout;
  const problems = differences("Its postings", payoutTransaction(payout, WHENEVER), out);
  if (state === "returned") {
    const expected = payoutReturnTransaction(payout, WHENEVER);
    problems.push(...differences("The postings of its return", expected, back));
    if (transferId && payout.refusal !== "reversed")
      problems.push(`It was returned, but also paid by ${transferId}.`);
  }
  if (state === "done" && method === "stripe" && !transferId) {
    problems.push("It is done, but has no transfer.");
  }
  return problems;
}

/** The sum of an account's postings in one currency. */
interface AddedUp {
  readonly account: string;
  readonly currency: string;
  readonly sum: number;
}

/**
 * Compares balances as the wallet queries them with the sums of the postings. Accounts are queried together,
 * and one by one only if the totals differ, since there may be thousands.
 */
export async function flawsOfBalances(books: Books, tally: Tally): Promise<void> {
  const postings = books.list({
    query: books.firestore
      .collectionGroup("postings")
      .orderBy("account")
      .orderBy("currency")
      .orderBy("__name__"),
    read: readPosting,
  });
  let batch: AddedUp[] = [];
  let last: AddedUp | undefined;
  const finish = async () => {
    await compareBalances(batch, books, tally);
    batch = [];
  };
  for await (const { account, currency, amount } of postings) {
    if (last?.account === account && last.currency === currency) {
      last = { ...last, sum: last.sum + amount };
      continue;
    }
    if (last) batch.push(last);
    if (batch.length === TOGETHER) await finish();
    last = { account, currency, sum: amount };
  }
  if (last) batch.push(last);
  await finish();
}

async function compareBalances(
  batch: readonly AddedUp[],
  books: Books,
  tally: Tally,
): Promise<void> {
  const balanceOf = (currency: string, accounts: readonly string[]): Promise<number> => {
    const own = books.firestore
      .collectionGroup("postings")
      .where("account", "in", accounts)
      .where("currency", "==", currency);
    return books.at((transaction) => books.firestore.sum(own, "amount", transaction));
  };
  for (const [currency, some] of Map.groupBy(batch, (each) => each.currency)) {
    const sum = some.reduce((total, each) => total + each.sum, 0);
    const accounts = some.map(({ account }) => account);
    if ((await balanceOf(currency, accounts)) === sum) continue;
    for (const { account, sum: expected } of some) {
      const balance = await balanceOf(currency, [account]);
      const what = `Its balance in ${currency} is ${balance}, but its postings add up to ${expected}.`;
      if (balance !== expected) tally.flaw(account, what);
    }
  }
}

/** Postings that cannot be read are reported with the transactions. */
function readPosting(document: DocumentSnapshot): StoredPosting {
  return toPosting(document);
}
