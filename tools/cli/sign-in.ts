/** What a person types to be known to Google on this machine. */
export const SIGN_IN = "Sign in with: gcloud auth application-default login";

/** What Google's libraries say where nobody is signed in, or the sign-in has ended. */
const NOT_SIGNED_IN = /could not load the default credentials|invalid_grant|\breauth/i;

/** Whether a call of Google failed because nobody is signed in on this machine, or no longer. */
export function isNotSignedIn(error: unknown): boolean {
  return error instanceof Error && NOT_SIGNED_IN.test(error.message);
}
