import { status } from "@grpc/grpc-js";
import { type RpcContext, toStatus, underFaults } from "./rpc.ts";

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
  { deadlineMs, retry }: CallPolicy,
  act: () => Result | Promise<Result>,
): Promise<Result> {
  const { clock } = context;
  const endsAtMs = clock.nowMs() + deadlineMs;
  let delayMs = retry?.initialDelayMs ?? 0;
  for (;;) {
    try {
      return await within(context, endsAtMs, () => underFaults(context, operation, act));
    } catch (error) {
      const failure = toClientError(error);
      if (!retry?.codes.has(failure.code) || clock.nowMs() >= endsAtMs) throw failure;
      await clock.sleep(context.random() * delayMs);
      if (clock.nowMs() >= endsAtMs) {
        throw new ClientCallError(status.DEADLINE_EXCEEDED, `retrying ${failure.message}`);
      }
      delayMs = Math.min(delayMs * retry.delayMultiplier, retry.maxDelayMs);
    }
  }
}

async function within<Result>(
  { clock }: DirectContext,
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
  const { code, details } = toStatus(error);
  return new ClientCallError(code, details);
}
