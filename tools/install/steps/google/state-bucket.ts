import { GoogleError } from "../../../doctor/checks/google/rest.ts";
import { connectBuckets } from "../../google/buckets.ts";
import type { Installation } from "../../installation.ts";
import { BlockedError, done, missing, type Step } from "../../step.ts";

const TAKEN = 409;

/** The bucket of Terraform's state: private, and earlier states kept. */
export const stateBucket: Step = {
  name: "state bucket",
  async check(installation) {
    const isPrivate = await bucketsOf(installation).isPrivate(stateBucketOf(installation));
    if (isPrivate) return done(stateBucketOf(installation));
    return missing(
      isPrivate === undefined
        ? `creating ${stateBucketOf(installation)} for Terraform's state`
        : "closing it to the public",
    );
  },
  async run(installation) {
    const buckets = bucketsOf(installation);
    const name = stateBucketOf(installation);
    if ((await buckets.isPrivate(name)) !== undefined) return await buckets.makePrivate(name);
    try {
      await buckets.create(name, installation.region);
    } catch (error) {
      if (!(error instanceof GoogleError && error.status === TAKEN)) throw error;
      throw new BlockedError(
        `the bucket ${name} exists already, and you may not read it`,
        "Its name belongs to someone else. Choose another project ID: change GOOGLE_CLOUD_PROJECT in c500.env, then press Enter",
      );
    }
  },
  async undo(installation) {
    const name = stateBucketOf(installation);
    const buckets = bucketsOf(installation);
    if ((await buckets.isPrivate(name)) === undefined) return undefined;
    await buckets.delete(name);
    return `the bucket ${name} is deleted`;
  },
};

/** Its name, which is unique since the project's is. */
export function stateBucketOf({ projectId }: Pick<Installation, "projectId">): string {
  return `${projectId}-terraform`;
}

function bucketsOf({ google, projectId }: Installation) {
  return connectBuckets(google, projectId);
}
