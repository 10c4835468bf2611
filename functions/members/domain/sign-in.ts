import { readSnowflake } from "../../../shared/documents/outside-id.ts";

/** How long someone has to sign in at Twitch and enter the code. */
export const SIGN_IN_MINUTES = 15;
export const SIGN_IN_MS = SIGN_IN_MINUTES * 60_000;
/** The number of wrong codes that voids a sign-in. */
export const MAX_CODE_ATTEMPTS = 5;

/** No vowels, so that codes form no words, and no characters that look like others. */
const CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789";
const CODE_LENGTH = 8;

/** The user who asked for a sign-in, and the secret in the link. */
export interface SignInState {
  readonly userId: string;
  readonly nonce: string;
}

/** The OAuth state that goes to Twitch and comes back with the browser. */
export function formatState({ userId, nonce }: SignInState): string {
  return `${userId}.${nonce}`;
}

/** Parses a returned state; undefined if it is not ours. */
export function readState(text: string | undefined): SignInState | undefined {
  const [, user, nonce] = /^(\d+)\.([\w-]{22,64})$/.exec(text ?? "") ?? [];
  const userId = readSnowflake(user);
  return userId && nonce ? { userId, nonce } : undefined;
}

/** A code of eight characters in two groups; `below` returns a random whole number below its argument. */
export function newCode(below: (limit: number) => number): string {
  const letters = Array.from(
    { length: CODE_LENGTH },
    () => CODE_LETTERS[below(CODE_LETTERS.length)],
  );
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
}

/** A typed code in the form in which it was shown; undefined if it can't be a code. */
export function readCode(typed: string): string | undefined {
  const letters = typed.toUpperCase().replace(/[\s-]+/g, "");
  const isCode =
    letters.length === CODE_LENGTH && [...letters].every((letter) => CODE_LETTERS.includes(letter));
  return isCode ? `${letters.slice(0, 4)}-${letters.slice(4)}` : undefined;
}
