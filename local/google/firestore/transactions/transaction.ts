import { status } from "@grpc/grpc-js";
import { GrpcError, invalidArgument } from "../grpc-error.ts";
import type { CompiledQuery } from "../query/compile.ts";
import type { Micros } from "../storage/micros.ts";

/** Why a transaction ended. */
export type Ending = "closed" | "expired" | "contended";

/** A party that competes for locks: a transaction, or a commit outside any. */
export class Party {
  /** Lower for parties that began earlier; a retry counts from its first attempt. */
  readonly age: number;
  #ending: Ending | undefined;

  constructor(age: number) {
    this.age = age;
  }

  get isOpen(): boolean {
    return this.#ending === undefined;
  }

  /** Marks it as ended; later calls do not change the reason. */
  end(ending: Ending): void {
    this.#ending ??= ending;
  }

  /** Throws Firestore's error if the transaction has ended. */
  assertOpen(): void {
    if (this.#ending !== undefined) throw endedError(this.#ending);
  }
}

/** One transaction, until it is committed, rolled back, aborted or expired. */
export class Transaction extends Party {
  readonly id: Buffer;
  /** The name of the database it belongs to. */
  readonly database: string;
  /** A read-only transaction's read time; undefined for a read-write one. */
  readonly readOnlyAtMicros: Micros | undefined;
  /** The queries whose results are locked. */
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

/** The error for using a transaction that has ended. */
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

/** The error for a lock timeout or deadlock; every client retries after it. */
export function contentionError(): GrpcError {
  return new GrpcError(status.ABORTED, "Too much contention on these documents. Please try again.");
}
