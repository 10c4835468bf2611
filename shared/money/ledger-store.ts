import * as z from "zod/mini";
import { createDocument, parseDocument, stored, timestamp } from "../documents/document.ts";
import type {
  Database,
  DocumentSnapshot,
  Firestore,
  Query,
  Transaction,
} from "../ports/database.ts";
import {
  type Account,
  assertBalanced,
  FROZEN,
  type LedgerTransaction,
  type Posting,
  racerAccount,
  type TransactionKind,
  transactionKinds,
} from "./ledger.ts";

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

/** An amount in minor units. */
export interface CurrencySum {
  readonly currency: string;
  readonly amount: number;
}

/** A posting as it is stored. */
export interface StoredPosting {
  readonly transactionId: string;
  readonly kind: TransactionKind;
  readonly account: string;
  readonly amount: number;
  readonly currency: string;
  readonly at: Date;
  readonly availableAt: Date;
  readonly lobbyId: string | undefined;
  readonly saleId: string | undefined;
}

/** A movement of money as it is stored, without its postings. */
export interface StoredTransaction extends Omit<LedgerTransaction, "postings"> {
  /** How many postings it was written with. */
  readonly postings: number;
}

const transactionDocument = z.object({
  kind: z.enum(transactionKinds),
  at: timestamp,
  currency: z.string(),
  sale_id: stored(z.string()),
  postings: z.int(),
  reason: stored(z.string()),
  author: stored(z.string()),
  reverses: stored(z.string()),
});
const postingDocument = z.object({
  account: z.string(),
  amount: z.int(),
  currency: z.string(),
  kind: z.enum(transactionKinds),
  at: timestamp,
  available_at: timestamp,
  lobby_id: stored(z.string()),
  sale_id: stored(z.string()),
});

const PENDING_PAGE = 20;
/** The kinds that count as earnings. An operator's adjustment corrects what was earned. */
export const EARNING_KINDS: readonly TransactionKind[] = ["sale", "refund", "adjustment"];

export type Ledger = ReturnType<typeof createLedger>;

/**
 * The `ledger` collection: one document per movement of money, with its postings in the subcollection `postings`.
 * Append-only; `addTransaction` is the only writer.
 */
export function createLedger(database: Database) {
  const postings = async () => (await database()).collectionGroup("postings");

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
          const { availableAt, currency } = toPosting(each.ref.path, each.data());
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
      return found.docs.map((posting) => toPosting(posting.ref.path, posting.data()));
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
        found.push(toPosting(first.ref.path, first.data()).account.slice(prefix.length));
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
      return first && toPosting(first.ref.path, first.data()).at;
    },

    /** The sum of all postings of a currency in a period: zero, or the books are wrong. */
    async sumWithin(currency: string, from: Date, to: Date): Promise<number> {
      const ofCurrency = (await postings()).where("currency", "==", currency);
      return sumOf(await database(), ofCurrency.where("at", ">=", from).where("at", "<", to));
    },
  };
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
  const place = firestore.collection("ledger").doc(entry.id);
  const shared = { kind, at, currency, sale_id: saleId ?? null };
  createDocument(transaction, place, {
    ...shared,
    postings: entry.postings.length,
    ...(note && { reason: note.reason, author: note.author }),
    ...(reverses !== undefined && { reverses }),
  });
  for (const [index, { account, amount, availableAt, lobbyId }] of entry.postings.entries()) {
    createDocument(transaction, place.collection("postings").doc(String(index)), {
      account,
      amount,
      available_at: availableAt,
      lobby_id: lobbyId ?? null,
      ...shared,
    });
  }
}

/** What an account could be paid in a currency, read within a transaction. */
export async function availableWithin(
  firestore: Firestore,
  transaction: Transaction,
  { account, currency, now }: { account: Account; currency: string; now: Date },
): Promise<number> {
  const available = firestore
    .collectionGroup("postings")
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
  const ofAccount = firestore.collectionGroup("postings").where("account", "==", account);
  return sumsOf(firestore, ofAccount, transaction);
}

/** What a lobby's racers have earned together, read within a transaction. */
export function potWithin(
  firestore: Firestore,
  transaction: Transaction,
  lobbyId: string,
): Promise<CurrencySum[]> {
  const earned = firestore.collectionGroup("postings").where("lobby_id", "==", lobbyId);
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

/** Runs reads at one point in time, without locks. */
export function atOneMoment<T>(
  firestore: Firestore,
  read: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return firestore.runTransaction(read, { readOnly: true });
}

/** The sum of a query's postings, in minor units. */
function sumOf(firestore: Firestore, postings: Query, transaction?: Transaction): Promise<number> {
  return firestore.sum(postings, "amount", transaction);
}

/** Parses a stored transaction. Throws TerminalError if it is malformed. */
export function toTransaction(snapshot: DocumentSnapshot): StoredTransaction {
  const fields = parseDocument(snapshot.ref.path, transactionDocument, snapshot.data());
  const { kind, at, currency, sale_id: saleId, postings, reason, author, reverses } = fields;
  return {
    id: snapshot.id,
    kind,
    at,
    currency,
    saleId,
    postings,
    ...(reason !== undefined && author !== undefined && { note: { reason, author } }),
    ...(reverses !== undefined && { reverses }),
  };
}

/** Parses a stored posting into its original form. Throws TerminalError if it is malformed. */
export function toLedgerPosting(path: string, data: unknown): Posting {
  const { account, amount, availableAt, lobbyId } = toPosting(path, data);
  return { account: account as Account, amount, availableAt, lobbyId };
}

/** Parses a stored posting. Throws TerminalError if it is malformed. */
export function toPosting(path: string, data: unknown): StoredPosting {
  const fields = parseDocument(path, postingDocument, data);
  return {
    transactionId: path.split("/").at(-3) ?? path,
    kind: fields.kind,
    account: fields.account,
    amount: fields.amount,
    currency: fields.currency,
    at: fields.at,
    availableAt: fields.available_at,
    lobbyId: fields.lobby_id,
    saleId: fields.sale_id,
  };
}

/** The distinct values of `currency`: the first, then the first after it, and so on. */
async function currenciesOf(query: Query, transaction: Transaction): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const last = found.at(-1);
    const rest = last === undefined ? query : query.where("currency", ">", last);
    const next = await transaction.get(rest.orderBy("currency").limit(1));
    const [first] = next.docs;
    if (!first) return found;
    found.push(toPosting(first.ref.path, first.data()).currency);
  }
}
