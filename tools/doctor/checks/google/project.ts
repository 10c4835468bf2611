import * as z from "zod/mini";
import type { Environment, Values } from "../../../settings/values.ts";
import { connectGoogle } from "./rest.ts";

const project = z.object({ projectNumber: z.string() });
/** https://cloud.google.com/run/docs/reference/rest/Shared.Types/Policy */
const policy = z.object({
  bindings: z._default(
    z.array(z.object({ role: z.string(), members: z._default(z.array(z.string()), []) })),
    [],
  ),
});
const quotaInfo = z.object({
  dimensionsInfos: z._default(
    z.array(
      z.object({
        applicableLocations: z._default(z.array(z.string()), []),
        details: z.object({ value: z.string() }),
      }),
    ),
    [],
  ),
});

/**
 * A project's number, which is part of its functions' addresses. Throws GoogleError and
 * NoCredentialsError. https://cloud.google.com/resource-manager/reference/rest/v1/projects/get
 */
async function readProjectNumber(projectId: string, environment: Environment): Promise<string> {
  const emulator = environment["CLOUD_RESOURCE_MANAGER_EMULATOR_HOST"];
  const google = connectGoogle("cloudresourcemanager", emulator);
  return (await google.call("GET", `projects/${projectId}`, project)).projectNumber;
}

/**
 * Adds the settings that creating tasks needs, as Terraform passes them to the functions: each function's
 * address, which is known before it is deployed, and each queue's service account.
 * https://cloud.google.com/run/docs/triggering/https-request#deterministic
 */
export async function withTaskSettings(values: Values, environment: Environment): Promise<Values> {
  const { GOOGLE_CLOUD_PROJECT: projectId, GOOGLE_CLOUD_REGION: region = "us-central1" } = values;
  if (projectId === undefined) return values;
  const url =
    values.FUNCTION_URL_TEMPLATE ??
    `https://{name}-${await readProjectNumber(projectId, environment)}.${region}.run.app`;
  const account =
    values.TASKS_SERVICE_ACCOUNT ?? `tasks-{name}@${projectId}.iam.gserviceaccount.com`;
  return {
    ...values,
    GOOGLE_CLOUD_REGION: region,
    FUNCTION_URL_TEMPLATE: url,
    TASKS_SERVICE_ACCOUNT: account,
  };
}

/**
 * The IAM policy of a Cloud Run service: who may call it, with which role. Throws GoogleError, with status 404
 * if the service is not deployed, and NoCredentialsError.
 * https://cloud.google.com/run/docs/reference/rest/v1/projects.locations.services/getIamPolicy
 */
export async function readAccess(
  service: string,
  { projectId, region }: { readonly projectId: string; readonly region: string },
  environment: Environment,
): Promise<readonly { readonly role: string; readonly members: readonly string[] }[]> {
  const google = connectGoogle("run", environment["CLOUD_RUN_EMULATOR_HOST"]);
  const path = `projects/${projectId}/locations/${region}/services/${service}:getIamPolicy`;
  return (await google.call("GET", path, policy)).bindings;
}

/**
 * How many vCPUs Cloud Run may use in the region; undefined if Google reports no quota. Throws
 * GoogleError and NoCredentialsError.
 * https://cloud.google.com/docs/quotas/reference/rest/v1/projects.locations.services.quotaInfos/get
 */
export async function readVcpuQuota(
  projectId: string,
  region: string,
  environment: Environment,
): Promise<number | undefined> {
  const google = connectGoogle("cloudquotas", environment["CLOUD_QUOTAS_EMULATOR_HOST"]);
  const path = `projects/${projectId}/locations/global/services/run.googleapis.com/quotaInfos/CpuAllocPerProjectRegion`;
  const { dimensionsInfos } = await google.call("GET", path, quotaInfo);
  const ours = dimensionsInfos.find(({ applicableLocations }) =>
    applicableLocations.includes(region),
  );
  // In thousandths of a vCPU; -1 means no limit.
  const thousandths = Number(ours?.details.value);
  if (!Number.isFinite(thousandths)) return undefined;
  return thousandths < 0 ? Number.POSITIVE_INFINITY : thousandths / 1000;
}
