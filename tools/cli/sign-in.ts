/** How to sign in to Google on this machine. */
export const SIGN_IN = "Sign in with: gcloud auth application-default login";

/** The messages of Google's libraries when nobody is signed in, or the sign-in has expired. */
const NOT_SIGNED_IN = /could not load the default credentials|invalid_grant|\breauth/i;

/** Whether a call to Google failed because nobody is signed in on this machine, or no longer. */
export function isNotSignedIn(error: unknown): boolean {
  return error instanceof Error && NOT_SIGNED_IN.test(error.message);
}
