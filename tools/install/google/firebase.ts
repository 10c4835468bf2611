import * as z from "zod/mini";
import type { Clock } from "../../../shared/runtime/clock.ts";
import { anything, finish, ifThere, type OpenApi, operation } from "./apis.ts";

const sites = z.object({
  sites: z._default(z.array(z.object({ name: z.string(), defaultUrl: z.string() })), []),
});
const ruleset = z.object({
  source: z.object({ files: z.array(z.object({ name: z.string(), content: z.string() })) }),
});
const named = z.object({ name: z.string() });
const release = z.object({ rulesetName: z.string() });

/** A site of Firebase Hosting. */
export interface Site {
  readonly id: string;
  /** Such as "https://PROJECT.web.app". */
  readonly url: string;
}

/** Firebase in a project, its sites, and the rules of its database. Methods throw GoogleError. */
export interface Firebase {
  isAdded(): Promise<boolean>;
  /** Throws GoogleError 403 for an account that has not accepted Firebase's terms. */
  add(): Promise<void>;
  sites(): Promise<Site[]>;
  createSite(id: string): Promise<void>;
  /** The rules in force; undefined when there are none. */
  rules(): Promise<string | undefined>;
  publishRules(text: string): Promise<void>;
}

/**
 * https://firebase.google.com/docs/reference/firebase-management/rest
 * https://firebase.google.com/docs/reference/hosting/rest
 * https://firebase.google.com/docs/reference/rules/rest
 */
export function connectFirebase(open: OpenApi, clock: Clock, projectId: string): Firebase {
  const manager = open("firebase", "v1beta1", projectId);
  const hosting = open("firebasehosting", "v1beta1", projectId);
  const rules = open("firebaserules", "v1", projectId);
  const root = `projects/${projectId}`;
  const releaseName = `${root}/releases/cloud.firestore`;
  return {
    async isAdded() {
      return (await ifThere(manager.call("GET", root, anything))) !== undefined;
    },
    async add() {
      const begun = await manager.call("POST", `${root}:addFirebase`, operation, {});
      await finish(manager, begun, clock);
    },
    async sites() {
      const found = await hosting.call("GET", `${root}/sites`, sites);
      return found.sites.map(({ name, defaultUrl }) => ({
        id: name.slice(name.lastIndexOf("/") + 1),
        url: defaultUrl,
      }));
    },
    async createSite(id) {
      await hosting.call("POST", `${root}/sites?siteId=${id}`, anything, {});
    },
    async rules() {
      const current = await ifThere(rules.call("GET", releaseName, release));
      if (!current) return undefined;
      const { source } = await rules.call("GET", current.rulesetName, ruleset);
      return source.files[0]?.content;
    },
    async publishRules(content) {
      const source = { files: [{ name: "firestore.rules", content }] };
      const { name: rulesetName } = await rules.call("POST", `${root}/rulesets`, named, { source });
      const current = await ifThere(rules.call("GET", releaseName, release));
      const asked = { name: releaseName, rulesetName };
      if (current) await rules.call("PATCH", releaseName, anything, { release: asked });
      else await rules.call("POST", `${root}/releases`, anything, asked);
    },
  };
}
