import { randomBytes } from "node:crypto";
import type { LocalClock } from "../../../kit/clock.ts";
import { invalidArgument } from "../grpc-error.ts";
import type { Micros } from "../storage/micros.ts";
import { type Ending, endedError, Party, Transaction } from "./transaction.ts";

/** https://firebase.google.com/docs/firestore/quotas#writes_and_transactions */
const MAX_LIFE_MS = 270_000;
const MAX_IDLE_MS = 60_000;

/** Enough to answer any client that asks for its last transaction. */
const REMEMBERED_ENDINGS = 10_000;

interface Entry {
  readonly transaction: Transaction;
  readonly endsAtMs: number;
  expiresAtMs: number;
  stopTimer: () => void;
}

/** The open transactions, and how the latest others ended. */
export class TransactionRegistry {
  #clock: LocalClock;
  #onExpired: (transaction: Transaction) => void;
  #run = randomBytes(4).toString("hex");
  #count = 0;
  #open = new Map<string, Entry>();
  #ended = new Map<string, { readonly age: number; readonly ending: Ending }>();

  /** `onExpired` is called for each transaction that expires. */
  constructor(clock: LocalClock, onExpired: (transaction: Transaction) => void) {
    this.#clock = clock;
    this.#onExpired = onExpired;
  }

  /**
   * Begins a transaction. A retry inherits the age of the earlier attempt, so that it eventually
   * wins.
   */
  begin(
    database: string,
    options: { readOnlyAtMicros?: Micros | undefined; retryOf?: Buffer | undefined },
  ): Transaction {
    this.#count += 1;
    const id = Buffer.from(`${this.#run}-${this.#count}`);
    const age = this.#ageOf(options.retryOf) ?? this.#count;
    const { readOnlyAtMicros } = options;
    const transaction = new Transaction(id, database, { age, readOnlyAtMicros });
    const nowMs = this.#clock.nowMs();
    const entry: Entry = {
      transaction,
      endsAtMs: nowMs + MAX_LIFE_MS,
      expiresAtMs: nowMs + MAX_IDLE_MS,
      stopTimer: () => {},
    };
    this.#open.set(id.toString(), entry);
    this.#watch(entry);
    return transaction;
  }

  /** A party for a commit outside any transaction, with the current time as its age. */
  outsideTransaction(): Party {
    this.#count += 1;
    return new Party(this.#count);
  }

  /**
   * Finds an open transaction and marks it as used now. Throws INVALID_ARGUMENT when it has ended
   * or is unknown.
   */
  use(database: string, id: Buffer): Transaction {
    const entry = this.#open.get(id.toString());
    if (entry === undefined || entry.transaction.database !== database) {
      const ended = this.#ended.get(id.toString());
      throw ended === undefined
        ? invalidArgument("Invalid transaction.")
        : endedError(ended.ending === "contended" ? "closed" : ended.ending);
    }
    entry.expiresAtMs = Math.min(entry.endsAtMs, this.#clock.nowMs() + MAX_IDLE_MS);
    return entry.transaction;
  }

  /** Finds an open transaction without marking it as used. */
  find(database: string, id: Buffer): Transaction | undefined {
    const transaction = this.#open.get(id.toString())?.transaction;
    if (transaction?.database === database) return transaction;
    if (!this.#ended.has(id.toString())) throw invalidArgument("Invalid transaction.");
    return undefined;
  }

  /** Ends a transaction; does nothing when it has already ended. */
  end(transaction: Transaction, ending: Ending): void {
    const key = transaction.id.toString();
    const entry = this.#open.get(key);
    if (entry === undefined) return;
    entry.stopTimer();
    transaction.end(ending);
    this.#open.delete(key);
    this.#ended.set(key, { age: transaction.age, ending });
    const [oldest] = this.#ended.keys();
    if (this.#ended.size > REMEMBERED_ENDINGS && oldest !== undefined) this.#ended.delete(oldest);
  }

  /** All open transactions. */
  open(): Transaction[] {
    return [...this.#open.values()].map(({ transaction }) => transaction);
  }

  #ageOf(id: Buffer | undefined): number | undefined {
    if (id === undefined) return undefined;
    const key = id.toString();
    return this.#ended.get(key)?.age ?? this.#open.get(key)?.transaction.age;
  }

  #watch(entry: Entry): void {
    entry.stopTimer = this.#clock.at(entry.expiresAtMs, () => {
      if (this.#clock.nowMs() < entry.expiresAtMs) this.#watch(entry);
      else this.#onExpired(entry.transaction);
    });
  }
}
