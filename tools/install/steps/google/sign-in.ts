import { GoogleError, NoCredentialsError } from "../../../checks/google/rest.ts";
import { connectProjects } from "../../google/projects.ts";
import { BlockedError, done, missing, type Step } from "../../step.ts";

const UNAUTHENTICATED = 401;

/** One sign-in serves Terraform, Google's libraries and this command. Only gcloud can make it. */
export const signIn: Step = {
  name: "Google sign-in",
  async check(installation) {
    try {
      const email = await connectProjects(installation.google, installation.context.clock).email();
      return done(email ?? "signed in");
    } catch (error) {
      if (isSignedOut(error)) return missing("your browser opens; allow everything it asks for");
      throw error;
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
    "Run: gcloud auth application-default login. Where there is no browser, name a service account's key file in GOOGLE_APPLICATION_CREDENTIALS",
  );
}

function isSignedOut(error: unknown): boolean {
  if (error instanceof NoCredentialsError) return true;
  return error instanceof GoogleError && error.status === UNAUTHENTICATED;
}
