import { status } from "@grpc/grpc-js";
import type { LocalClock } from "../clock.ts";
import { type RpcContext, RpcError, withFaults } from "./rpc.ts";

/** An error as Google's clients throw it. */
export class ClientCallError extends Error {
  readonly code: status;
  /** The message without the code. */
  readonly details: string;

  constructor(code: status, details: string) {
    super(`${code} ${status[code]}: ${details}`);
    this.code = code;
    this.details = details;
  }
}

/** A client's deadlines and retries for a call. */
export interface CallPolicy {
  /** The limit for all attempts together, delays included. */
  readonly deadlineMs: number;
  /** The limit for one attempt; `deadlineMs` by default. */
  readonly tryDeadlineMs?: number;
  /** Which errors are retried; none by default. */
  readonly retry?: {
    readonly codes: ReadonlySet<status>;
    readonly initialDelayMs: number;
    readonly delayMultiplier: number;
    readonly maxDelayMs: number;
  };
}

/** What a direct call of an emulator needs. */
export interface DirectContext extends RpcContext {
  /** From 0 to below 1, for the jitter of retries. */
  readonly random: () => number;
}

/**
 * Calls an emulator directly as Google's client calls its service: with a deadline and retries. An
 * abandoned attempt may still take effect.
 */
export async function clientCall<Result>(
  context: DirectContext,
  operation: string,
  policy: CallPolicy,
  act: () => Result | Promise<Result>,
): Promise<Result> {
  return repeatCall(context, policy, () => withFaults(context, operation, act));
}

/** What retries need. */
export type RepeatContext = Pick<DirectContext, "random"> & {
  readonly clock: Pick<LocalClock, "nowMs" | "at" | "sleep">;
};

/**
 * Makes a call like `clientCall`, for an emulator that applies faults itself. An error that is not
 * an `RpcError` is a bug in the emulator and is rethrown unchanged.
 */
export async function repeatCall<Result>(
  { clock, random }: RepeatContext,
  { deadlineMs, tryDeadlineMs = deadlineMs, retry }: CallPolicy,
  call: () => Promise<Result>,
): Promise<Result> {
  const endsAtMs = clock.nowMs() + deadlineMs;
  let delayMs = retry?.initialDelayMs ?? 0;
  for (;;) {
    try {
      return await within(clock, Math.min(endsAtMs, clock.nowMs() + tryDeadlineMs), call);
    } catch (error) {
      const failure = toClientError(error);
      if (!retry?.codes.has(failure.code) || clock.nowMs() >= endsAtMs) throw failure;
      await clock.sleep(random() * delayMs);
      if (clock.nowMs() >= endsAtMs) {
        throw new ClientCallError(status.DEADLINE_EXCEEDED, `retrying ${failure.message}`);
      }
      delayMs = Math.min(delayMs * retry.delayMultiplier, retry.maxDelayMs);
    }
  }
}

async function within<Result>(
  clock: RepeatContext["clock"],
  endsAtMs: number,
  call: () => Promise<Result>,
): Promise<Result> {
  const { promise, resolve, reject } = Promise.withResolvers<Result>();
  const cancel = clock.at(endsAtMs, () =>
    reject(new ClientCallError(status.DEADLINE_EXCEEDED, "Deadline exceeded")),
  );
  call().then(resolve, reject);
  try {
    return await promise;
  } finally {
    cancel();
  }
}

function toClientError(error: unknown): ClientCallError {
  if (error instanceof ClientCallError) return error;
  if (error instanceof RpcError) return new ClientCallError(error.code, error.message);
  throw error;
}
