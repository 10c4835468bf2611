import type { Firestore, Transaction } from "@google-cloud/firestore";
import type { LedgerTransaction } from "../../shared/domain/ledger.ts";
import { formatMoney } from "../../shared/domain/money.ts";
import { payoutReturnTransaction, payoutTransaction } from "../../shared/domain/payout.ts";
import {
  type BookedSale,
  refundTransaction,
  saleTransaction,
  withinBase,
} from "../../shared/domain/sale.ts";
import type { StoredPosting } from "../../shared/store/ledger.ts";
import { type Books, readBooks } from "./ledger-books.ts";

/** Something in the books that is not as it must be. */
export interface Flaw {
  readonly id: string;
  readonly what: string;
}

/** What was looked through, and what came of it. */
export interface LedgerReport {
  readonly counted: {
    readonly transactions: number;
    readonly postings: number;
    readonly sales: number;
    readonly payouts: number;
  };
  readonly flaws: readonly Flaw[];
  /** What the accounts of each kind are owed together: "sales:kofi", "house", "racers". */
  readonly totals: readonly {
    readonly currency: string;
    readonly sums: ReadonlyMap<string, number>;
  }[];
}

/** https://firebase.google.com/docs/firestore/query-data/queries#limits_on_or_queries */
const TOGETHER = 30;
/** When something was booked decides nothing that is compared. */
const WHENEVER = new Date(0);

/**
 * Goes through everything: each transaction sums to zero in one currency and has all its postings, each
 * sale, refund and payout has exactly those that its amounts ask for, and each balance is the sum of its
 * postings. Reads only, at one moment.
 */
export function checkLedger(firestore: Firestore): Promise<LedgerReport> {
  return firestore.runTransaction(
    async (transaction) => {
      const books = await readBooks(firestore, transaction);
      const flaws = [
        ...books.unreadable,
        ...flawsOfTransactions(books),
        ...flawsOfSales(books),
        ...flawsOfPayouts(books),
        ...(await flawsOfBalances(books, firestore, transaction)),
      ];
      const { transactions, sales, payouts } = books;
      const postings = [...books.postings.values()].flat();
      const counted = {
        ...{ transactions: transactions.size, postings: postings.length },
        ...{ sales: sales.length, payouts: payouts.length },
      };
      return { counted, flaws, totals: totalsOf(postings) };
    },
    { readOnly: true },
  );
}

function flawsOfTransactions({ transactions, postings }: Books): Flaw[] {
  const orphans = [...postings.keys()]
    .filter((id) => !transactions.has(id))
    .map((id) => ({ id, what: "There are postings, but no transaction." }));
  const flaws = [...transactions.values()].flatMap((entry): Flaw[] => {
    const own = postings.get(entry.id) ?? [];
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
    if (isMixed) problems.push("Its postings have another currency, kind, sale or time.");
    return problems.map((what) => ({ id: entry.id, what }));
  });
  return [...orphans, ...flaws];
}

function flawsOfSales({ sales, refunds, transactions, postings }: Books): Flaw[] {
  const known = new Map(sales.map((sale) => [sale.id, sale]));
  const refunding = Map.groupBy(transactions.values(), ({ kind, saleId }) =>
    kind === "refund" ? saleId : undefined,
  );
  const strays = [...transactions.values()]
    .filter(({ kind, saleId }) => kind === "sale" || (kind === "refund" && saleId !== undefined))
    .filter(({ saleId }) => !known.has(saleId ?? ""))
    .map(({ id }) => ({ id, what: "It is of a sale that there is not." }));
  const flaws = sales.flatMap((sale): Flaw[] => {
    const made = postings.get(`sale.${sale.id}`) ?? [];
    const taken = (refunding.get(sale.id) ?? []).flatMap(({ id }) => postings.get(id) ?? []);
    const heard = withinBase(sale.base, refunds.get(sale.id) ?? []);
    const problems = [
      ...differences("Its postings", saleTransaction(sale, WHENEVER), made),
      ...differences("The postings of its refunds", refundsOf(sale), taken),
      ...(heard === sale.refunded
        ? []
        : [`Its refunds come to ${heard}, it says ${sale.refunded}.`]),
    ];
    return problems.map((what) => ({ id: sale.id, what }));
  });
  return [...strays, ...flaws];
}

/** All refunds of a sale as if they had been one. */
function refundsOf(sale: BookedSale): LedgerTransaction {
  return refundTransaction({ ...sale, refunded: 0 }, sale.refunded, sale.id, WHENEVER);
}

function flawsOfPayouts({ payouts, transactions, postings }: Books): Flaw[] {
  const expected = new Map(
    payouts.flatMap((payout): [string, LedgerTransaction][] => {
      const out = payoutTransaction(payout, WHENEVER);
      const back = payoutReturnTransaction(payout, WHENEVER);
      return payout.state === "returned"
        ? [
            [out.id, out],
            [back.id, back],
          ]
        : [[out.id, out]];
    }),
  );
  const strays = [...transactions.values()]
    .filter(({ id, kind }) => kind.startsWith("payout") && !expected.has(id))
    .map(({ id }) => ({ id, what: "It is of a payout that there is not, or was not returned." }));
  const flaws = [...expected].flatMap(([id, entry]) =>
    differences("Its postings", entry, postings.get(id) ?? []).map((what) => ({ id, what })),
  );
  const doubled = payouts
    .filter(({ state, transferId }) => state === "returned" && transferId)
    .map(({ id, transferId }) => ({ id, what: `It was returned, and paid by ${transferId}.` }));
  const unpaid = payouts
    .filter(
      ({ state, method, transferId }) => state === "done" && method === "stripe" && !transferId,
    )
    .map(({ id }) => ({ id, what: "It is done, and names no transfer." }));
  return [...strays, ...flaws, ...doubled, ...unpaid];
}

/** Whether accounts get, in their currency, for each lobby and time of release, what they should. */
function differences(
  whose: string,
  { currency, postings }: LedgerTransaction,
  actual: readonly StoredPosting[],
): string[] {
  const expected = sumsBy(postings.map((posting) => ({ ...posting, currency })));
  const found = sumsBy(actual);
  const keys = new Set([...expected.keys(), ...found.keys()]);
  return [...keys]
    .filter((key) => (expected.get(key) ?? 0) !== (found.get(key) ?? 0))
    .map((key) => {
      const [account] = key.split(" ");
      return `${whose} give ${account} ${found.get(key) ?? 0}, not ${expected.get(key) ?? 0}.`;
    });
}

function sumsBy(
  postings: readonly Pick<
    StoredPosting,
    "account" | "amount" | "currency" | "availableAt" | "lobbyId"
  >[],
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { account, amount, currency, availableAt, lobbyId } of postings) {
    const key = [account, currency, lobbyId ?? "-", availableAt.getTime()].join(" ");
    sums.set(key, (sums.get(key) ?? 0) + amount);
  }
  return sums;
}

/** What an account is owed in a currency by its postings, added up one by one. */
interface AddedUp {
  readonly account: string;
  readonly currency: string;
  readonly sum: number;
}

/**
 * Balances as the wallet asks for them, against the postings added up. Accounts are asked for together,
 * and one by one where that differs: there may be thousands.
 */
async function flawsOfBalances(
  { postings }: Books,
  firestore: Firestore,
  transaction: Transaction,
): Promise<Flaw[]> {
  const { AggregateField } = await import("@google-cloud/firestore");
  const balanceOf = async (currency: string, accounts: readonly string[]): Promise<number> => {
    const own = firestore
      .collectionGroup("postings")
      .where("account", "in", accounts)
      .where("currency", "==", currency);
    const balance = own.aggregate({ sum: AggregateField.sum("amount") });
    return (await transaction.get(balance)).data().sum;
  };
  const flaws: Flaw[] = [];
  for (const [currency, all] of Map.groupBy(addedUp(postings), (each) => each.currency)) {
    for (let from = 0; from < all.length; from += TOGETHER) {
      const some = all.slice(from, from + TOGETHER);
      const accounts = some.map(({ account }) => account);
      const sum = some.reduce((total, each) => total + each.sum, 0);
      if ((await balanceOf(currency, accounts)) === sum) continue;
      for (const { account, sum: expected } of some) {
        const balance = await balanceOf(currency, [account]);
        const what = `Its balance in ${currency} is ${balance}, its postings come to ${expected}.`;
        if (balance !== expected) flaws.push({ id: account, what });
      }
    }
  }
  return flaws;
}

function addedUp(postings: Books["postings"]): AddedUp[] {
  const sums = new Map<string, AddedUp>();
  for (const { account, currency, amount } of [...postings.values()].flat()) {
    const key = `${account} ${currency}`;
    sums.set(key, { account, currency, sum: (sums.get(key)?.sum ?? 0) + amount });
  }
  return [...sums.values()];
}

function totalsOf(postings: readonly StoredPosting[]): LedgerReport["totals"] {
  const byCurrency = Map.groupBy(postings, ({ currency }) => currency);
  return [...byCurrency].sort().map(([currency, own]) => {
    const sums = new Map<string, number>();
    for (const { account, amount } of own) {
      const kind = account.startsWith("racer:") ? "racers" : account;
      sums.set(kind, (sums.get(kind) ?? 0) + amount);
    }
    return { currency, sums: new Map([...sums].sort()) };
  });
}

/** Says what was looked through, the totals, and each flaw. */
export function printLedger(
  { counted, flaws, totals }: LedgerReport,
  say: (line: string) => void,
): void {
  const { transactions, postings, sales, payouts } = counted;
  say(`${transactions} transactions, ${postings} postings, ${sales} sales, ${payouts} payouts.`);
  for (const { currency, sums } of totals) {
    say("");
    const all = [...sums.values()].reduce((total, sum) => total + sum, 0);
    for (const [kind, sum] of [...sums, ["together", all] as const]) {
      say(`${currency}  ${kind.padEnd(18)}${formatMoney(sum, currency).padStart(16)}`);
    }
  }
  say("");
  for (const { id, what } of flaws) say(`WRONG  ${id}  ${what}`);
  say(flaws.length === 0 ? "The books are in order." : `${flaws.length} things are wrong.`);
}
