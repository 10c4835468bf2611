import { status } from "@grpc/grpc-js";
import {
  type CallPolicy,
  ClientCallError,
  type RepeatContext,
  repeatCall,
} from "../../kit/client-call.ts";
import type { FirestoreOperations } from "../engine.ts";
import { Backoff } from "./backoff.ts";

/** What the adapter calls. */
export type CalledOperations = Pick<
  FirestoreOperations,
  "BatchGetDocuments" | "Commit" | "Rollback" | "RunAggregationQuery" | "RunQuery"
>;

/** What calls are made with. */
export interface CallParts extends RepeatContext {
  readonly operations: CalledOperations;
}

/*
 * Which codes Google's client tries again by itself: firestore_client_config.json of its generated
 * part, and for plain commits what write-batch.js adds.
 */
const READ_CODES = new Set([status.DEADLINE_EXCEEDED, status.INTERNAL, status.UNAVAILABLE]);
const COMMIT_CODES = new Set([status.RESOURCE_EXHAUSTED, status.UNAVAILABLE]);
const PLAIN_COMMIT_CODES = new Set([...COMMIT_CODES, status.ABORTED]);
const ROLLBACK_CODES = new Set([...READ_CODES, status.RESOURCE_EXHAUSTED]);

/** Of reads that fail for ten minutes each. */
const MAX_READS = 5;

const READ: CallPolicy = {
  deadlineMs: 600_000,
  tryDeadlineMs: 300_000,
  // A stream is asked for again at intervals that do not grow.
  retry: { codes: READ_CODES, initialDelayMs: 100, delayMultiplier: 1, maxDelayMs: 100 },
};
const COMMIT = writing(COMMIT_CODES);
const PLAIN_COMMIT = writing(PLAIN_COMMIT_CODES);
const ROLLBACK = writing(ROLLBACK_CODES);

/** Calls the engine as Google's client calls the service: with its errors, its retries and its waits. */
export class Calls {
  readonly #operations: CalledOperations;
  readonly #context: RepeatContext;

  constructor({ operations, clock, random }: CallParts) {
    this.#operations = operations;
    this.#context = { clock, random };
  }

  batchGet: CalledOperations["BatchGetDocuments"] = (request) =>
    this.#read(() => this.#operations.BatchGetDocuments(request));

  runQuery: CalledOperations["RunQuery"] = (request) =>
    this.#read(() => this.#operations.RunQuery(request));

  runAggregation: CalledOperations["RunAggregationQuery"] = (request) =>
    this.#read(() => this.#operations.RunAggregationQuery(request));

  /** A commit on its own is tried again after ABORTED too; that of a transaction is run again as a whole. */
  commit(
    request: Parameters<CalledOperations["Commit"]>[0],
    { isPlain }: { readonly isPlain: boolean },
  ): ReturnType<CalledOperations["Commit"]> {
    const policy = isPlain ? PLAIN_COMMIT : COMMIT;
    return repeatCall(this.#context, policy, () => this.#operations.Commit(request));
  }

  rollback: CalledOperations["Rollback"] = (request) =>
    repeatCall(this.#context, ROLLBACK, () => this.#operations.Rollback(request));

  /** The waits between the attempts of a transaction. */
  backoff(): Backoff {
    return new Backoff(this.#context.clock, this.#context.random);
  }

  /** Reads are tried again at two levels: for ten minutes at short intervals, and that five times. */
  async #read<Response>(call: () => Promise<Response>): Promise<Response> {
    const backoff = this.backoff();
    for (let reads = 1; ; reads += 1) {
      await backoff.wait();
      try {
        return await repeatCall(this.#context, READ, call);
      } catch (error) {
        const isTransient = error instanceof ClientCallError && READ_CODES.has(error.code);
        if (!isTransient || reads === MAX_READS) throw error;
      }
    }
  }
}

function writing(codes: ReadonlySet<status>): CallPolicy {
  return {
    deadlineMs: 600_000,
    tryDeadlineMs: 60_000,
    retry: { codes, initialDelayMs: 100, delayMultiplier: 1.3, maxDelayMs: 60_000 },
  };
}
