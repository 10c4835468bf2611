import { FROZEN } from "../../../shared/money/ledger.ts";
import { type StoredPosting, toPosting } from "../../../shared/money/ledger-entries.ts";
import { createLedger, EARNING_KINDS } from "../../../shared/money/ledger-store.ts";
import type { Timestamp } from "../../../shared/ports/database.ts";
import { mustEqual, mustHold } from "../../rules.ts";
import type { Stage } from "../../stage.ts";
import { trackOf } from "./track.ts";

/** A posting as first observed. */
interface SeenPosting extends StoredPosting {
  readonly path: string;
  readonly writtenAt: Timestamp;
}

/** The observed ledger. */
export interface LedgerSeen {
  readonly postings: Map<string, SeenPosting>;
  /** By account and currency. */
  readonly wallets: Map<string, SeenPosting[]>;
}

/** L1, L2, L3, L4 and L8. */
export async function checkPostings(stage: Stage): Promise<void> {
  const { postings: seen, wallets } = trackOf(stage).ledger;
  const fresh = await freshPostings(stage, seen);
  if (fresh.length === 0) return;
  checkSums(fresh);
  for (const posting of fresh) {
    checkPayout(posting, wallets);
    seen.set(posting.path, posting);
    const key = `${posting.account} ${posting.currency}`;
    wallets.set(key, [...(wallets.get(key) ?? []), posting]);
  }
  const all = new Map<string, number>();
  for (const { currency, amount } of seen.values()) {
    all.set(currency, (all.get(currency) ?? 0) + amount);
  }
  for (const [currency, sum] of all) mustEqual("L2", `all postings in ${currency}`, sum, 0);
  await checkBalances(stage, new Set(fresh.map(({ account }) => account)));
}

/** Returns the new postings as written, after checking that the earlier ones have not changed. */
async function freshPostings(
  { database }: Stage,
  seen: LedgerSeen["postings"],
): Promise<SeenPosting[]> {
  const { docs } = await database.collectionGroup("postings").get();
  const fresh: SeenPosting[] = [];
  let known = 0;
  for (const document of docs) {
    const { path } = document.ref;
    const before = seen.get(path);
    if (!before) {
      const posting = toPosting(document);
      fresh.push({ ...posting, path, writtenAt: document.updateTime });
      continue;
    }
    known += 1;
    const isAsItWas = document.updateTime.isEqual(before.writtenAt);
    mustHold("L3", isAsItWas, () => `posting ${path} was changed`);
  }
  mustEqual("L3", "the number of earlier postings", known, seen.size);
  return fresh.sort((one, other) => order(one.writtenAt, other.writtenAt));
}

function order(one: Timestamp, other: Timestamp): number {
  return one.seconds - other.seconds || one.nanoseconds - other.nanoseconds;
}

/** L1. A transaction is committed atomically, so all its postings are new. */
function checkSums(fresh: readonly SeenPosting[]): void {
  const transactions = new Map<string, SeenPosting[]>();
  for (const posting of fresh) {
    const { transactionId } = posting;
    transactions.set(transactionId, [...(transactions.get(transactionId) ?? []), posting]);
  }
  for (const [id, postings] of transactions) {
    const sum = postings.reduce((total, { amount }) => total + amount, 0);
    mustEqual("L1", `the sum of ${id}`, sum, 0);
    const currencies = new Set(postings.map(({ currency }) => currency));
    mustEqual("L1", `the number of currencies of ${id}`, currencies.size, 1);
    const areWhole = postings.every(({ amount }) => Number.isSafeInteger(amount) && amount !== 0);
    mustHold("L1", areWhole, () => `${id} has a fractional or empty posting`);
  }
}

/** L8, by what was written before the payout. */
function checkPayout(
  { kind, account, amount, currency, at, transactionId }: SeenPosting,
  wallets: LedgerSeen["wallets"],
): void {
  if (kind !== "payout" || account === "payouts") return;
  const before = wallets.get(`${account} ${currency}`) ?? [];
  const available = sumOf(before.filter(({ availableAt }) => availableAt <= at));
  const found = () => `${transactionId} took ${-amount}, when ${available} were available`;
  mustHold("L8", 0 < -amount && -amount <= available, found);
}

/** L4: the product's balance of an account equals the sum of its postings. */
async function checkBalances(stage: Stage, accounts: ReadonlySet<string>): Promise<void> {
  const ledger = createLedger(async () => stage.database);
  const now = stage.cloud.clock.now();
  const { wallets } = trackOf(stage).ledger;
  for (const account of accounts) {
    for (const balance of await ledger.balances(account as "platform", now)) {
      const postings = wallets.get(`${account} ${balance.currency}`) ?? [];
      mustEqual("L4", `the balance of ${account}`, balance, {
        currency: balance.currency,
        available: sumOf(postings.filter(({ availableAt }) => availableAt <= now)),
        pending: sumOf(
          postings.filter(({ availableAt }) => availableAt > now && availableAt < FROZEN),
        ),
        frozen: sumOf(postings.filter(({ availableAt }) => availableAt >= FROZEN)),
        lifetime: sumOf(postings.filter(({ kind }) => EARNING_KINDS.includes(kind))),
      });
    }
  }
}

function sumOf(postings: readonly { readonly amount: number }[]): number {
  return postings.reduce((sum, { amount }) => sum + amount, 0);
}
