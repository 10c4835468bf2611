import { status } from "@grpc/grpc-js";
import {
  type CallPolicy,
  ClientCallError,
  type RepeatContext,
  repeatCall,
} from "../../../kit/google/client-call.ts";
import type { FirestoreOperations } from "../engine.ts";
import { Backoff } from "./backoff.ts";

/** The engine's operations that the client calls. */
export type CalledOperations = Pick<
  FirestoreOperations,
  "BatchGetDocuments" | "Commit" | "Rollback" | "RunAggregationQuery" | "RunQuery"
>;

/** What `Calls` needs. */
export interface CallParts extends RepeatContext {
  readonly operations: CalledOperations;
}

/**
 * Codes that Google's client retries by itself: firestore_client_config.json of its generated part,
 * and for plain commits those of write-batch.js.
 */
const READ_CODES = new Set([status.DEADLINE_EXCEEDED, status.INTERNAL, status.UNAVAILABLE]);
const COMMIT_CODES = new Set([status.RESOURCE_EXHAUSTED, status.UNAVAILABLE]);
const PLAIN_COMMIT_CODES = new Set([...COMMIT_CODES, status.ABORTED]);
const ROLLBACK_CODES = new Set([...READ_CODES, status.RESOURCE_EXHAUSTED]);

/** Maximum attempts of a read, each of which retries for ten minutes. */
const MAX_READS = 5;

const READ: CallPolicy = {
  deadlineMs: 600_000,
  tryDeadlineMs: 300_000,
  // A stream is retried at constant intervals.
  retry: { codes: READ_CODES, initialDelayMs: 100, delayMultiplier: 1, maxDelayMs: 100 },
};
const COMMIT = writing(COMMIT_CODES);
const PLAIN_COMMIT = writing(PLAIN_COMMIT_CODES);
const ROLLBACK = writing(ROLLBACK_CODES);

/** Calls the engine as Google's client calls the service: with its errors, retries and back-off. */
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

  /**
   * Commits. A single commit is also retried after ABORTED; a transaction is rerun as a whole
   * instead.
   */
  commit(
    request: Parameters<CalledOperations["Commit"]>[0],
    { isPlain }: { readonly isPlain: boolean },
  ): ReturnType<CalledOperations["Commit"]> {
    const policy = isPlain ? PLAIN_COMMIT : COMMIT;
    return repeatCall(this.#context, policy, () => this.#operations.Commit(request));
  }

  rollback: CalledOperations["Rollback"] = (request) =>
    repeatCall(this.#context, ROLLBACK, () => this.#operations.Rollback(request));

  /** The back-off between a transaction's attempts. */
  backoff(): Backoff {
    return new Backoff(this.#context.clock, this.#context.random);
  }

  /** Reads are retried at two levels: for ten minutes at short intervals, and that five times. */
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
