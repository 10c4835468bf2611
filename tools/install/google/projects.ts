import * as z from "zod/mini";
import type { Clock } from "../../../shared/runtime/clock.ts";
import type { GoogleRest } from "../../doctor/checks/google/rest.ts";
import { anything, finish, ifThere, type OpenApi, operation } from "./apis.ts";

const project = z.object({
  state: z._default(z.string(), "ACTIVE"),
  labels: z._default(z.record(z.string(), z.string()), {}),
});
const account = z.object({ name: z.string(), displayName: z.string(), open: z.boolean() });
const accounts = z.object({ billingAccounts: z._default(z.array(account), []) });
const billing = z.object({
  billingAccountName: z._default(z.string(), ""),
  billingEnabled: z._default(z.boolean(), false),
});
const permitted = z.object({ permissions: z._default(z.array(z.string()), []) });
const person = z.object({ email: z.optional(z.string()) });

/** What linking needs: in the project, and on the billing account. https://cloud.google.com/billing/docs/access-control */
const LINK_PROJECT = "resourcemanager.projects.createBillingAssignment";
const LINK_ACCOUNT = "billing.resourceAssociations.create";

/** The label of a project that was created for an installation, and may be deleted with it. */
const LABEL = { c500: "created-by-install" } as const;

/** A project, as far as an installation needs to know it. */
export interface ProjectFacts {
  readonly isActive: boolean;
  /** Whether it was created for an installation. */
  readonly isOurs: boolean;
}

/** A billing account that can pay. */
export interface BillingAccount {
  /** Such as "0123AB-4567CD-89EF01". */
  readonly id: string;
  readonly title: string;
}

/** The project, who pays for it, and who is signed in. Methods throw GoogleError and NoCredentialsError. */
export interface Projects {
  /** The e-mail address of the account that is signed in; undefined if its sign-in does not show it. */
  email(): Promise<string | undefined>;
  /** Undefined when there is no such project, or it is somebody else's: Google's answer is the same. */
  find(id: string): Promise<ProjectFacts | undefined>;
  create(id: string): Promise<void>;
  /** Google keeps a deleted project for 30 days, in which it can be restored. */
  delete(id: string): Promise<void>;
  billingAccounts(): Promise<BillingAccount[]>;
  /** The id of the account that pays for a project; undefined when none does. */
  payer(id: string): Promise<string | undefined>;
  /** Throws GoogleError 400 when the account pays for as many projects as it may. */
  setPayer(id: string, account: string): Promise<void>;
  /** Where a permission is missing to let the account pay for the project. */
  whereLinkingIsForbidden(id: string, account: string): Promise<("project" | "account")[]>;
}

/**
 * https://cloud.google.com/resource-manager/reference/rest/v3/projects
 * https://cloud.google.com/billing/docs/reference/rest
 */
export function connectProjects(open: OpenApi, clock: Clock): Projects {
  const manager = open("cloudresourcemanager", "v3");
  const biller = open("cloudbilling", "v1");
  return {
    async email() {
      return (await open("openidconnect", "v1").call("GET", "userinfo", person)).email;
    },
    async find(id) {
      const found = await ifThere(manager.call("GET", `projects/${id}`, project));
      if (!found) return undefined;
      const isOurs = found.labels["c500"] === LABEL.c500;
      return { isActive: found.state === "ACTIVE", isOurs };
    },
    async create(id) {
      const asked = { projectId: id, displayName: "C500 Live", labels: LABEL };
      await finish(manager, await manager.call("POST", "projects", operation, asked), clock);
    },
    async delete(id) {
      await finish(manager, await manager.call("DELETE", `projects/${id}`, operation), clock);
    },
    async billingAccounts() {
      const { billingAccounts } = await biller.call("GET", "billingAccounts", accounts);
      return billingAccounts
        .filter((each) => each.open)
        .map(({ name, displayName: title }) => ({ id: lastPart(name), title }));
    },
    async payer(id) {
      const facts = await biller.call("GET", `projects/${id}/billingInfo`, billing);
      return facts.billingEnabled ? lastPart(facts.billingAccountName) : undefined;
    },
    async setPayer(id, payer) {
      const asked = { billingAccountName: `billingAccounts/${payer}` };
      await biller.call("PUT", `projects/${id}/billingInfo`, anything, asked);
    },
    async whereLinkingIsForbidden(id, payer) {
      const may = async (google: GoogleRest, resource: string, permission: string) => {
        const path = `${resource}:testIamPermissions`;
        const asked = { permissions: [permission] };
        const found = await ifThere(google.call("POST", path, permitted, asked));
        return found?.permissions.includes(permission) === true;
      };
      const ofProject = await may(manager, `projects/${id}`, LINK_PROJECT);
      const ofAccount = await may(biller, `billingAccounts/${payer}`, LINK_ACCOUNT);
      return [
        ...(ofProject ? [] : ["project" as const]),
        ...(ofAccount ? [] : ["account" as const]),
      ];
    },
  };
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
