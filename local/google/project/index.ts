import express from "express";
import type { Invokers } from "../../functions/invoker.ts";
import type { LocalClock } from "../../kit/clock.ts";
import type { FaultPlan } from "../../kit/faults.ts";
import { publicKeys } from "../../kit/google/identity-token.ts";
import { applyGoogleFaults, GoogleRestError, googleErrors } from "../../kit/google/rest.ts";
import { type Place, serveAt } from "../../kit/http/listen.ts";
import { Account } from "./account.ts";
import { bucketsRouter } from "./routes/buckets.ts";
import { firebaseRouter } from "./routes/firebase.ts";
import { hostingRouter } from "./routes/hosting.ts";
import { projectsRouter } from "./routes/projects.ts";

/** Options of `startProject`. */
export interface ProjectOptions extends Place {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  readonly projectId: string;
  readonly region: string;
  /**
   * The invokers of each deployed Cloud Run service, read on each call; none are deployed by
   * default.
   */
  readonly invokers?: Invokers;
  /** The address of the site that the project gets. */
  readonly siteUrl?: string;
}

/** The running emulator of Google's project APIs. */
export interface ProjectEmulator {
  /**
   * "127.0.0.1:PORT", for CLOUD_RESOURCE_MANAGER_EMULATOR_HOST, CLOUD_QUOTAS_EMULATOR_HOST,
   * CLOUD_RUN_EMULATOR_HOST and GOOGLE_APIS_EMULATOR_HOST.
   */
  readonly host: string;
  /** The Google account that the project belongs to. */
  readonly account: Account;
  /** Changes Cloud Run's processor quota in the region. */
  setVcpuQuota(processors: number): void;
  /** Changes who may call a service; undefined deletes the service. */
  setInvokers(service: string, members: readonly string[] | undefined): void;
  stop(): Promise<void>;
}

const NUMBER = "123456789012";
/** A typical quota of new projects. */
const NEW_PROJECT_VCPUS = 20;
const CPU_QUOTA = "CpuAllocPerProjectRegion";

/**
 * Starts an emulator of what `./dev setup` and `./dev doctor` read about a project: its number
 * (Cloud Resource Manager API), Cloud Run's processor quota (Cloud Quotas API), and who may call a
 * Cloud Run service. It also serves what `./dev install` does before Terraform can do anything, and
 * the public keys of Google's identity tokens.
 * https://cloud.google.com/resource-manager/reference/rest/v1/projects/get
 * https://cloud.google.com/docs/quotas/reference/rest/v1/projects.locations.services.quotaInfos/get
 * https://cloud.google.com/run/docs/reference/rest/v1/projects.locations.services/getIamPolicy
 * https://www.googleapis.com/oauth2/v3/certs
 */
export async function startProject(options: ProjectOptions): Promise<ProjectEmulator> {
  const { projectId, region } = options;
  let processors = NEW_PROJECT_VCPUS;
  const services: Invokers = options.invokers ?? new Map();
  const account = new Account({
    projectId,
    number: NUMBER,
    siteUrl: options.siteUrl ?? `https://${projectId}.web.app`,
    nowMs: () => options.clock.nowMs(),
  });
  const app = express().disable("x-powered-by").disable("etag");
  app.use(applyGoogleFaults("project", options));
  app.get("/v1/projects/:id", ({ params }, response) => {
    checkProject(params.id);
    response.json({ projectId, projectNumber: NUMBER, lifecycleState: "ACTIVE" });
  });
  app.get(
    "/v1/projects/:id/locations/global/services/run.googleapis.com/quotaInfos/:quota",
    ({ params }, response) => {
      checkProject(params.id);
      if (params.quota !== CPU_QUOTA) {
        throw new GoogleRestError("NOT_FOUND", `There is no quota ${params.quota}.`);
      }
      response.json({
        name: `projects/${NUMBER}/locations/global/services/run.googleapis.com/quotaInfos/${CPU_QUOTA}`,
        quotaId: CPU_QUOTA,
        metric: "run.googleapis.com/cpu_allocation",
        containerType: "PROJECT",
        dimensions: ["region"],
        dimensionsInfos: [
          { applicableLocations: ["elsewhere1"], details: { value: "400000" } },
          {
            dimensions: { region },
            applicableLocations: [region],
            details: { value: String(processors * 1000) },
          },
        ],
      });
    },
  );
  app.get(
    /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/services\/([^/:]+):getIamPolicy$/,
    ({ params }, response) => {
      const { 0: id, 1: location, 2: service = "" } = params;
      checkProject(id);
      const members = location === region ? services.get(service) : undefined;
      if (!members) {
        const where = `region '${location}' in project '${id}'`;
        throw new GoogleRestError(
          "NOT_FOUND",
          `Resource '${service}' of kind 'SERVICE' in ${where} does not exist.`,
        );
      }
      // The field is missing when there are no bindings.
      const bindings = members.length > 0 && [{ role: "roles/run.invoker", members }];
      response.json({ version: 1, etag: "BwY=", ...(bindings && { bindings }) });
    },
  );
  app.get("/oauth2/v3/certs", (_request, response) => {
    response.json(publicKeys());
  });
  app.use(express.json());
  app.use(projectsRouter(account), bucketsRouter(account), firebaseRouter(account));
  app.use(hostingRouter(account));
  app.use(() => {
    throw new GoogleRestError("NOT_FOUND", "There is no such method.");
  });
  app.use(googleErrors);
  const service = await serveAt(options, app);
  return {
    host: new URL(service.url).host,
    account,
    setVcpuQuota: (value) => {
      processors = value;
    },
    setInvokers: (name, members) => {
      if (members) services.set(name, members);
      else services.delete(name);
    },
    stop: () => service.stop(),
  };

  function checkProject(id: string | undefined): void {
    const { id: found } = account.project(id);
    if (found === projectId) return;
    throw new GoogleRestError("PERMISSION_DENIED", "The caller does not have permission");
  }
}
