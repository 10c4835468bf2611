import type { Database } from "../ports/database.ts";
import { type Account, FROZEN, racerAccount, type TransactionKind } from "./ledger.ts";
import { allPostings, type StoredPosting, toPosting } from "./ledger-entries.ts";
import { atOneMoment, type CurrencySum, currenciesOf, potWithin, sumOf } from "./ledger-sums.ts";

/** What an account is owed in one currency, in minor units. */
export interface Balance {
  readonly currency: string;
  /** What may be paid out; negative if more was taken back than was left. */
  readonly available: number;
  readonly pending: number;
  /** Shares of sales with an open dispute. */
  readonly frozen: number;
  /** Everything that was earned, less what was taken back, whether paid out or not. */
  readonly lifetime: number;
}

const PENDING_PAGE = 20;
/** The kinds that count as earnings. An operator's adjustment corrects what was earned. */
export const EARNING_KINDS: readonly TransactionKind[] = ["sale", "refund", "adjustment"];

export type Ledger = ReturnType<typeof createLedger>;

/**
 * The `ledger` collection: one document per movement of money, with its postings in the subcollection `postings`.
 * Append-only; `addTransaction` is the only writer.
 */
export function createLedger(database: Database) {
  const postings = async () => allPostings(await database());

  return {
    /** An account's balances at one point in time, one for each currency in which it has postings. */
    async balances(account: Account, now: Date): Promise<Balance[]> {
      const all = (await postings()).where("account", "==", account);
      const firestore = await database();
      return atOneMoment(firestore, async (transaction) => {
        const currencies = await currenciesOf(all, transaction);
        return Promise.all(
          currencies.map(async (currency) => {
            const ofCurrency = all.where("currency", "==", currency);
            const [total, later, frozen, lifetime] = await Promise.all([
              sumOf(firestore, ofCurrency, transaction),
              sumOf(firestore, ofCurrency.where("available_at", ">", now), transaction),
              sumOf(firestore, ofCurrency.where("available_at", "==", FROZEN), transaction),
              sumOf(firestore, ofCurrency.where("kind", "in", EARNING_KINDS), transaction),
            ]);
            const pending = later - frozen;
            return { currency, available: total - later, pending, frozen, lifetime };
          }),
        );
      });
    },

    /**
     * When the next pending share of an account becomes available, ignoring shares that were taken back or frozen;
     * undefined if none is pending.
     */
    async nextRelease(account: Account, now: Date): Promise<Date | undefined> {
      const ofAccount = (await postings()).where("account", "==", account);
      const pending = ofAccount.where("available_at", ">", now).orderBy("available_at");
      // A clawback or freeze is posted with the time of its share, so only the sum at that time becomes available.
      const looked = new Set<string>();
      for (let page = pending.limit(PENDING_PAGE); ; ) {
        const { docs } = await page.get();
        for (const each of docs) {
          const { availableAt, currency } = toPosting(each);
          if (availableAt >= FROZEN) return undefined;
          const moment = `${availableAt.toISOString()} ${currency}`;
          if (looked.has(moment)) continue;
          looked.add(moment);
          const then = ofAccount.where("currency", "==", currency);
          const left = then.where("available_at", "==", availableAt);
          if ((await sumOf(await database(), left)) > 0) return availableAt;
        }
        const last = docs.at(-1);
        if (!last) return undefined;
        page = pending.startAfter(last).limit(PENDING_PAGE);
      }
    },

    /** An account's newest postings, newest first; only those before `before`, if given. */
    async newest(account: Account, limit: number, before?: Date): Promise<StoredPosting[]> {
      const all = (await postings()).where("account", "==", account);
      const wanted = before ? all.where("at", "<", before) : all;
      const found = await wanted.orderBy("at", "desc").limit(limit).get();
      return found.docs.map(toPosting);
    },

    /** What an account has earned in a lobby, in one currency. */
    async earnedIn(lobbyId: string, account: Account, currency: string): Promise<number> {
      const earned = (await postings()).where("lobby_id", "==", lobbyId);
      const wanted = earned.where("account", "==", account).where("currency", "==", currency);
      return sumOf(await database(), wanted);
    },

    /** What a lobby's racers have earned together. */
    async potOf(lobbyId: string): Promise<CurrencySum[]> {
      const firestore = await database();
      return atOneMoment(firestore, (transaction) => potWithin(firestore, transaction, lobbyId));
    },

    /** The first `limit` racers who ever had a share, ordered by id. */
    async racers(limit: number): Promise<string[]> {
      const all = await postings();
      const found: string[] = [];
      const prefix = racerAccount("");
      while (found.length < limit) {
        const last = racerAccount(found.at(-1) ?? "");
        const rest = all.where("account", ">", last).where("account", "<", `${prefix}~`);
        const next = await rest.orderBy("account").orderBy("currency").limit(1).get();
        const [first] = next.docs;
        if (!first) break;
        found.push(toPosting(first).account.slice(prefix.length));
      }
      return found;
    },

    /** Every currency that has postings. */
    async currencies(): Promise<string[]> {
      const all = await postings();
      return atOneMoment(await database(), (transaction) => currenciesOf(all, transaction));
    },

    /** When the first posting since `from` was made; undefined if there is none. */
    async firstSince(from: Date): Promise<Date | undefined> {
      const since = (await postings()).where("at", ">=", from).orderBy("at").limit(1);
      const [first] = (await since.get()).docs;
      return first && toPosting(first).at;
    },

    /** The sum of all postings of a currency in a period: zero, or the books are wrong. */
    async sumWithin(currency: string, from: Date, to: Date): Promise<number> {
      const ofCurrency = (await postings()).where("currency", "==", currency);
      return sumOf(await database(), ofCurrency.where("at", ">=", from).where("at", "<", to));
    },
  };
}
