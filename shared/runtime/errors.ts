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

/** Whether trying again cannot help: a TerminalError, or an error that says so of itself. */
export function isTerminal(error: unknown): boolean {
  return (
    error instanceof TerminalError ||
    (error as { isTerminal?: unknown } | null)?.isTerminal === true
  );
}

/** What a thrown value says, whatever was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
