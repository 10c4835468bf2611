import { status } from "@grpc/grpc-js";
import { GrpcError, invalidArgument } from "../grpc-error.ts";
import type { CompiledQuery } from "../query/compile.ts";
import type { Micros } from "../storage/micros.ts";

/** Why a transaction is over. */
export type Ending = "closed" | "expired" | "contended";

/** Who waits for locks, and may have to give way: a transaction, or a commit outside of any. */
export class Party {
  /** Lower for those that began earlier; the retry of a transaction counts from its first attempt. */
  readonly age: number;
  #ending: Ending | undefined;

  constructor(age: number) {
    this.age = age;
  }

  get isOpen(): boolean {
    return this.#ending === undefined;
  }

  /** Marks it as over; the first ending stays. */
  end(ending: Ending): void {
    this.#ending ??= ending;
  }

  /** Throws what Firestore answers for a transaction that is over. */
  assertOpen(): void {
    if (this.#ending !== undefined) throw endedError(this.#ending);
  }
}

/** One transaction, from its beginning until it is committed, rolled back, given up or expired. */
export class Transaction extends Party {
  readonly id: Buffer;
  /** The name of the database it belongs to. */
  readonly database: string;
  /** The moment a read-only transaction reads at; undefined for one that may write. */
  readonly readOnlyAtMicros: Micros | undefined;
  /** The queries whose results must stay as they were read. */
  readonly queries: CompiledQuery[] = [];

  constructor(
    id: Buffer,
    database: string,
    { age, readOnlyAtMicros }: { age: number; readOnlyAtMicros: Micros | undefined },
  ) {
    super(age);
    this.id = id;
    this.database = database;
    this.readOnlyAtMicros = readOnlyAtMicros;
  }
}

/** The refusal of anything that is asked of a transaction that is over. */
export function endedError(ending: Ending): GrpcError {
  switch (ending) {
    case "closed":
      return invalidArgument("Transaction is invalid or closed.");
    case "expired":
      return invalidArgument(
        "The referenced transaction has expired or is no longer valid. Please retry.",
      );
    case "contended":
      return contentionError();
  }
}

/** The refusal of what cannot have its locks; every client tries again after it. */
export function contentionError(): GrpcError {
  return new GrpcError(status.ABORTED, "Too much contention on these documents. Please try again.");
}
