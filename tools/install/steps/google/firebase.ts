import { GoogleError } from "../../../doctor/checks/google/rest.ts";
import { connectFirebase } from "../../google/firebase.ts";
import type { Installation } from "../../installation.ts";
import { BlockedError, done, missing, type Step } from "../../step.ts";

const FORBIDDEN = 403;
const TAKEN = 409;

/** Firebase in the project, for the site. It cannot be taken out again: it goes with the project. */
export const firebase: Step = {
  name: "Firebase",
  async check(installation) {
    return (await firebaseOf(installation).isAdded())
      ? done("added to the project")
      : missing("adding it to the project, which takes up to a minute");
  },
  async run(installation) {
    try {
      await firebaseOf(installation).add();
    } catch (error) {
      if (!(error instanceof GoogleError) || error.reason === "SERVICE_DISABLED") throw error;
      if (error.status === TAKEN) return;
      if (error.status !== FORBIDDEN) throw error;
      throw new BlockedError(
        "Firebase refuses the project, as it does until you have accepted its terms",
        `Open https://console.firebase.google.com, choose "Add Firebase to a Google Cloud project", choose ${installation.projectId} and accept the terms`,
      );
    }
  },
};

/** The site of Firebase Hosting. Its address is the community's, unless `PUBLIC_SITE_URL` is given. */
export const site: Step = {
  name: "site's address",
  async check(installation) {
    const [first] = await firebaseOf(installation).sites();
    if (!first) return missing("creating the site");
    installation.learn({ PUBLIC_SITE_URL: first.url });
    return done(installation.addresses.siteUrl);
  },
  async run(installation) {
    const client = firebaseOf(installation);
    const { projectId } = installation;
    try {
      await client.createSite(projectId);
    } catch (error) {
      if (!(error instanceof GoogleError && error.status === TAKEN)) throw error;
      // Crash safety: the name may be taken by an earlier run's own site.
      if ((await client.sites()).length === 0) await client.createSite(`${projectId}-c500`);
    }
  },
};

/** Firebase of the installation. */
export function firebaseOf({ google, context, projectId }: Installation) {
  return connectFirebase(google, context.clock, projectId);
}
