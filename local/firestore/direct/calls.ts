import { status } from "@grpc/grpc-js";
import type { LocalClock } from "../../kit/clock.ts";
import { RpcError } from "../../kit/rpc.ts";
import type { FirestoreOperations } from "../engine.ts";
import { Backoff, RETRY } from "./backoff.ts";

/** What the adapter calls. */
export type CalledOperations = Pick<
  FirestoreOperations,
  "BatchGetDocuments" | "Commit" | "Rollback" | "RunAggregationQuery" | "RunQuery"
>;

/** What calls are made with. */
export interface CallParts {
  readonly operations: CalledOperations;
  readonly clock: Pick<LocalClock, "nowMs" | "sleep">;
  readonly random: () => number;
}

/** A refusal as Google's client passes it on. */
class CallError extends Error {
  readonly code: status;
  readonly details: string;

  constructor(code: status, details: string) {
    super(`${code} ${status[code]}: ${details}`);
    this.code = code;
    this.details = details;
  }
}

/*
 * Which codes Google's client tries again by itself: firestore_client_config.json of its generated
 * part, and for plain commits what write-batch.js adds.
 */
const READ_CODES = new Set([status.DEADLINE_EXCEEDED, status.INTERNAL, status.UNAVAILABLE]);
const COMMIT_CODES = new Set([status.RESOURCE_EXHAUSTED, status.UNAVAILABLE]);
const PLAIN_COMMIT_CODES = new Set([...COMMIT_CODES, status.ABORTED]);
const ROLLBACK_CODES = new Set([...READ_CODES, status.RESOURCE_EXHAUSTED]);

const MAX_READS = 5;

/** Calls the engine as Google's client calls the service: with its errors, its retries and its waits. */
export class Calls {
  readonly #operations: CalledOperations;
  readonly #clock: CallParts["clock"];
  readonly #random: () => number;

  constructor({ operations, clock, random }: CallParts) {
    this.#operations = operations;
    this.#clock = clock;
    this.#random = random;
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
    const codes = isPlain ? PLAIN_COMMIT_CODES : COMMIT_CODES;
    return this.#persist(codes, RETRY.growth, () => this.#operations.Commit(request));
  }

  rollback: CalledOperations["Rollback"] = (request) =>
    this.#persist(ROLLBACK_CODES, RETRY.growth, () => this.#operations.Rollback(request));

  /** The waits between the attempts of a transaction. */
  backoff(): Backoff {
    return new Backoff(this.#clock, this.#random);
  }

  /** Reads are tried again at two levels: within ten minutes, at short intervals, and that five times. */
  async #read<Response>(call: () => Promise<Response>): Promise<Response> {
    const backoff = this.backoff();
    for (let reads = 1; ; reads += 1) {
      await backoff.wait();
      try {
        return await this.#persist(READ_CODES, 1, call);
      } catch (error) {
        const isTransient = error instanceof CallError && READ_CODES.has(error.code);
        if (!isTransient || reads === MAX_READS) throw error;
      }
    }
  }

  /** Makes a call until it succeeds, fails for good, or ten minutes are over. */
  async #persist<Response>(
    codes: ReadonlySet<status>,
    growth: number,
    call: () => Promise<Response>,
  ): Promise<Response> {
    const deadlineMs = this.#clock.nowMs() + RETRY.totalMs;
    for (
      let delayMs: number = RETRY.initialMs;
      ;
      delayMs = Math.min(delayMs * growth, RETRY.maxMs)
    ) {
      try {
        return await call();
      } catch (thrown) {
        const error = asCallError(thrown);
        if (!(error instanceof CallError) || !codes.has(error.code)) throw error;
        if (this.#clock.nowMs() < deadlineMs) await this.#clock.sleep(this.#random() * delayMs);
        if (this.#clock.nowMs() >= deadlineMs) throw timedOut(error);
      }
    }
  }
}

/** What is no refusal of the engine is a defect of ours, and goes on as it is. */
function asCallError(error: unknown): unknown {
  return error instanceof RpcError ? new CallError(error.code, error.message) : error;
}

function timedOut(error: CallError): CallError {
  return new CallError(
    status.DEADLINE_EXCEEDED,
    `Total timeout exceeded ${RETRY.totalMs} milliseconds retrying error ${error} before any response was received.`,
  );
}
