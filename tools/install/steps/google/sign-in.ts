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
    const { code } = await context.programs.run(
      "gcloud",
      ["auth", "application-default", "login"],
      true,
    );
    if (code === 0) return;
    throw new BlockedError("nobody signed in", "Run: gcloud auth application-default login");
  },
};

function isSignedOut(error: unknown): boolean {
  if (error instanceof NoCredentialsError) return true;
  return error instanceof GoogleError && error.status === UNAUTHENTICATED;
}
