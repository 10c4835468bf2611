/**
 * Trying again cannot help. The message is kept where an operator looks and acknowledged.
 * Every other error means: deliver again.
 */
export class TerminalError extends Error {
  override name = "TerminalError";
}

/**
 * Something was written by a later version of this code: a deploy was rolled back, or is under way. It is
 * delivered again until the code that knows it is there.
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
 * Firestore gives the same code to a transaction that took too long, and to one that is committed again
 * because the answer to its commit was lost; another one may succeed, and finds what was done.
 */
const ENDED_TRANSACTION = /transaction (has expired|is invalid or closed)/i;

/**
 * Whether trying again cannot help: a TerminalError, an error that says so of itself, or Google's
 * INVALID_ARGUMENT.
 */
export function isTerminal(error: unknown): boolean {
  if (error instanceof TerminalError) return true;
  const { isTerminal: says, code } = (error ?? {}) as { isTerminal?: unknown; code?: unknown };
  if (says === true) return true;
  return code === INVALID_ARGUMENT && !ENDED_TRANSACTION.test(describeError(error));
}

/** What a thrown value says, whatever was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
