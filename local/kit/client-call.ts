import { status } from "@grpc/grpc-js";
import type { LocalClock } from "./clock.ts";
import { type RpcContext, RpcError, underFaults } from "./rpc.ts";

/** An error as Google's clients reject with it. */
export class ClientCallError extends Error {
  readonly code: status;
  /** The message without its code. */
  readonly details: string;

  constructor(code: status, details: string) {
    super(`${code} ${status[code]}: ${details}`);
    this.code = code;
    this.details = details;
  }
}

/** How often and how long a client tries a call. */
export interface CallPolicy {
  /** All tries together, with what lies between them. */
  readonly deadlineMs: number;
  /** One try; as long as all of them where it is left out. */
  readonly tryDeadlineMs?: number;
  /** What is tried again; nothing where it is left out. */
  readonly retry?: {
    readonly codes: ReadonlySet<status>;
    readonly initialDelayMs: number;
    readonly delayMultiplier: number;
    readonly maxDelayMs: number;
  };
}

/** What a direct call of an emulator takes its time, faults and chance from. */
export interface DirectContext extends RpcContext {
  /** From 0 to below 1, for the waits between tries. */
  readonly random: () => number;
}

/**
 * Calls an emulator directly as Google's client calls its service: with a deadline, and again after what
 * may be tried again. A try that is given up may still take effect.
 */
export async function clientCall<Result>(
  context: DirectContext,
  operation: string,
  policy: CallPolicy,
  act: () => Result | Promise<Result>,
): Promise<Result> {
  return repeatCall(context, policy, () => underFaults(context, operation, act));
}

/** What a call that is repeated takes its time and chance from. */
export type RepeatContext = Pick<DirectContext, "random"> & {
  readonly clock: Pick<LocalClock, "nowMs" | "at" | "sleep">;
};

/**
 * Makes a call as `clientCall` does, of an emulator that is struck by its faults itself. An error that is
 * no `RpcError` is a defect of the emulator, and is thrown as it is.
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
