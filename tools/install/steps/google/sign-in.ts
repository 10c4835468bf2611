import { GoogleError, NoCredentialsError } from "../../../doctor/checks/google/rest.ts";
import { connectProjects } from "../../google/projects.ts";
import { stoppedByShell } from "../../shell.ts";
import { BlockedError, done, missing, type Step } from "../../step.ts";

const UNAUTHENTICATED = 401;
/** Names a file of credentials to Google's libraries and Terraform, which then use no sign-in. */
const KEY_FILE = "GOOGLE_APPLICATION_CREDENTIALS";

/** One sign-in serves Terraform, Google's libraries and this command. Only gcloud can make it. */
export const signIn: Step = {
  name: "Google sign-in",
  async check(installation) {
    try {
      const email = await connectProjects(installation.google, installation.context.clock).email();
      return done(email === undefined ? "signed in" : `signed in as ${email}`);
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      const file = installation.context.environment[KEY_FILE];
      if (file === undefined)
        return missing(
          "your browser opens: choose your account, and allow everything that it lists",
        );
      return stoppedByShell(`${file} signs nobody in: ${reasonOf(error)}`, [KEY_FILE], "a sign-in");
    }
  },
  async run({ context }) {
    if (!context.person.isThere) throw nobodySignedIn();
    const { code } = await context.programs.run(
      "gcloud",
      ["auth", "application-default", "login"],
      true,
    );
    if (code !== 0) throw nobodySignedIn();
  },
};

function nobodySignedIn(): BlockedError {
  return new BlockedError(
    "nobody is signed in",
    "Run: gcloud auth application-default login. It shows a link where no browser opens. Without a person, set GOOGLE_APPLICATION_CREDENTIALS to the path of a service account's key file",
  );
}

/** What the library said about the file, or Google. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? cause.message : message;
}

function isSignedOut(error: unknown): error is Error {
  if (error instanceof NoCredentialsError) return true;
  return error instanceof GoogleError && error.status === UNAUTHENTICATED;
}
