import type { StoredPosting } from "../../../shared/money/ledger-entries.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { Firestore } from "../../../shared/ports/database.ts";
import { flawsOfBalances, flawsOfPayouts, flawsOfSales } from "./accounts.ts";
import { Books } from "./books.ts";
import { flawsOfTransactions } from "./transactions.ts";

/** Something wrong in the books. */
export interface Flaw {
  readonly id: string;
  readonly what: string;
}

/** What was checked, and the result. */
export interface LedgerReport {
  readonly counted: {
    readonly transactions: number;
    readonly postings: number;
    readonly sales: number;
    readonly payouts: number;
  };
  /** The first flaws, at most a thousand. */
  readonly flaws: readonly Flaw[];
  /** The number of further flaws. */
  readonly moreFlaws: number;
  /** The total balances of each kind of account: "sales:kofi", "platform", "racers". */
  readonly totals: readonly {
    readonly currency: string;
    readonly sums: ReadonlyMap<string, number>;
  }[];
}

/** Documents in memory at a time, for each of the two or three lists that are read side by side. */
const PAGE = 1000;
const MAX_FLAWS = 1000;

/**
 * Checks the whole ledger: each transaction sums to zero in one currency and has all its postings; each sale,
 * refund, payout and correction has exactly the postings that its amounts require; each balance is the sum of its
 * postings. Reads only, as of one moment, page by page: memory use does not grow with the books.
 */
export async function checkLedger(
  firestore: Firestore,
  { pageSize = PAGE } = {},
): Promise<LedgerReport> {
  const tally = new Tally();
  const books = await Books.open(firestore, pageSize);
  await flawsOfTransactions(books, tally);
  await flawsOfSales(books, tally);
  await flawsOfPayouts(books, tally);
  await flawsOfBalances(books, tally);
  return tally.report();
}

/** Collects what the check finds. */
export class Tally {
  readonly #flaws: Flaw[] = [];
  readonly #sums = new Map<string, Map<string, number>>();
  #moreFlaws = 0;
  readonly counted = { transactions: 0, postings: 0, sales: 0, payouts: 0 };

  /** Records what is wrong with a document, or with what it represents. */
  readonly flaw = (id: string, what: string): void => {
    if (this.#flaws.length < MAX_FLAWS) this.#flaws.push({ id, what });
    else this.#moreFlaws += 1;
  };

  /** Adds a posting to the totals. */
  add({ account, amount, currency }: StoredPosting): void {
    this.counted.postings += 1;
    const kind = account.startsWith("racer:") ? "racers" : account;
    const sums = this.#sums.get(currency) ?? new Map<string, number>();
    sums.set(kind, (sums.get(kind) ?? 0) + amount);
    this.#sums.set(currency, sums);
  }

  report(): LedgerReport {
    const totals = [...this.#sums]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([currency, sums]) => ({ currency, sums: new Map([...sums].sort()) }));
    return { counted: this.counted, flaws: this.#flaws, moreFlaws: this.#moreFlaws, totals };
  }
}

/** Prints what was checked, the totals, and each flaw. */
export function printLedger(
  { counted, flaws, moreFlaws, totals }: LedgerReport,
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
  if (moreFlaws > 0) say(`And ${moreFlaws} more.`);
  const count = flaws.length + moreFlaws;
  say(count === 0 ? "The books are in order." : `${count} problems found.`);
}
