import { isNotSignedIn, SIGN_IN } from "./sign-in.ts";

/**
 * Something that the user can fix: wrong input, a missing file or network, a port in use. Only the message is
 * shown, and it says what to do.
 */
export class Mistake extends Error {
  override name = "Mistake";
}

/** Errors defined elsewhere whose messages are written for users. */
const FOR_PEOPLE: ReadonlySet<string> = new Set([
  "Mistake",
  "UsageError",
  "BridgeError",
  "MissingEmulatorsError",
  "ConfigError",
  "NeedsYouError",
]);
const NETWORK: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The message for the user, for an error that is not a defect of ours; undefined for a defect. */
export function explainMistake(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (FOR_PEOPLE.has(error.name)) return error.message;
  if (isNotSignedIn(error)) return `You are not signed in to Google. ${SIGN_IN}`;
  const { code, path, port, cause } = error as NodeJS.ErrnoException & { port?: number };
  switch (code) {
    case "ENOENT":
      return path ? `The file ${path} does not exist.` : undefined;
    case "EACCES":
    case "EPERM":
      return path ? `${path} can't be read or written: check its permissions.` : undefined;
    case "EISDIR":
      return path ? `${path} is a folder; a file is needed there.` : undefined;
    case "ENOSPC":
      return "The disk is full.";
    case "EADDRINUSE":
      return `Another program uses port ${port}: stop it first.`;
  }
  if (code !== undefined && NETWORK.has(code)) {
    return `A service doesn't answer (${code}). Check the network, then run this again.`;
  }
  return cause === undefined ? undefined : explainMistake(cause);
}
