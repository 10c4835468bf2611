import * as z from "zod/mini";
import { anything, ifThere, type OpenApi } from "./apis.ts";

const bucket = z.object({
  versioning: z._default(z.object({ enabled: z._default(z.boolean(), false) }), { enabled: false }),
  iamConfiguration: z._default(
    z.object({ publicAccessPrevention: z._default(z.string(), "inherited") }),
    { publicAccessPrevention: "inherited" },
  ),
});
const objects = z.object({
  items: z._default(z.array(z.object({ name: z.string(), generation: z.string() })), []),
});

/** How a bucket has to be: closed to the public, and each object's earlier versions kept. */
const PRIVATE = {
  versioning: { enabled: true },
  iamConfiguration: {
    publicAccessPrevention: "enforced",
    uniformBucketLevelAccess: { enabled: true },
  },
};

/** A bucket for Terraform's state. Methods throw GoogleError; 409 means that someone else has the name. */
export interface Buckets {
  /** Whether it exists, and is private and versioned; undefined when it does not exist. */
  isPrivate(name: string): Promise<boolean | undefined>;
  create(name: string, location: string): Promise<void>;
  makePrivate(name: string): Promise<void>;
  /** Deletes it with all versions of all objects, if it exists. */
  delete(name: string): Promise<void>;
}

/** https://cloud.google.com/storage/docs/json_api/v1 */
export function connectBuckets(open: OpenApi, projectId: string): Buckets {
  const google = open("storage", "storage/v1", projectId);
  return {
    async isPrivate(name) {
      const found = await ifThere(google.call("GET", `b/${name}`, bucket));
      if (!found) return undefined;
      const { publicAccessPrevention } = found.iamConfiguration;
      return found.versioning.enabled && publicAccessPrevention === "enforced";
    },
    async create(name, location) {
      const asked = { name, location, ...PRIVATE };
      await google.call("POST", `b?project=${projectId}`, anything, asked);
    },
    async makePrivate(name) {
      await google.call("PATCH", `b/${name}`, anything, PRIVATE);
    },
    async delete(name) {
      for (;;) {
        const page = await ifThere(google.call("GET", `b/${name}/o?versions=true`, objects));
        if (!page) return;
        if (page.items.length === 0) break;
        for (const { name: object, generation } of page.items) {
          const path = `b/${name}/o/${encodeURIComponent(object)}?generation=${generation}`;
          await ifThere(google.call("DELETE", path, anything));
        }
      }
      await ifThere(google.call("DELETE", `b/${name}`, anything));
    },
  };
}
