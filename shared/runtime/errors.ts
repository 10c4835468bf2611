/**
 * Retrying cannot help: the message becomes a dead letter and is acknowledged. Every other error asks for another
 * delivery.
 */
export class TerminalError extends Error {
  override name = "TerminalError";
}

/**
 * Something was written by a later version of this code: a deployment was rolled back or is under way. It is
 * delivered again until the later version runs.
 */
export class NewerVersionError extends Error {
  override name = "NewerVersionError";

  constructor(what: string, version: number, known: number) {
    super(`${what} is of version ${version}, and this code knows up to ${known}: deploy again.`);
  }
}

/** https://grpc.io/docs/guides/status-codes/: wrong whatever the state of the system. */
const INVALID_ARGUMENT = 3;
/**
 * Firestore returns the same code for a transaction that took too long, and for one that is committed again because
 * the answer to its commit was lost. A new transaction may succeed and sees what was done.
 */
const ENDED_TRANSACTION = /transaction (has expired|is invalid or closed)/i;

/** Whether retrying cannot help: a TerminalError, an error with `isTerminal`, or Google's INVALID_ARGUMENT. */
export function isTerminal(error: unknown): boolean {
  if (error instanceof TerminalError) return true;
  const { isTerminal: says, code } = (error ?? {}) as { isTerminal?: unknown; code?: unknown };
  if (says === true) return true;
  return code === INVALID_ARGUMENT && !ENDED_TRANSACTION.test(describeError(error));
}

/** Describes any thrown value. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
