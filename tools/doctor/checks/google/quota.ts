import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeError } from "../../../../shared/runtime/errors.ts";
import { configOf, type Environment, type Values } from "../../../settings/values.ts";
import type { AreaReport } from "../report.ts";
import { readVcpuQuota } from "./project.ts";
import { googleRemedy } from "./rest.ts";

/** The file in which an installation's owner overrides `vcpu_quota`. */
const OWN_VARIABLES = join("terraform", "terraform.tfvars");
/** The default of Terraform's variable `vcpu_quota`: the quota that new projects often get. */
export const DEFAULT_VCPUS = 20;

/** Checks that Cloud Run may use as many vCPUs as the functions' limits assume. */
export async function checkVcpuQuota(
  values: Values,
  environment: Environment,
  folder: string,
  area: AreaReport,
): Promise<void> {
  const config = configOf(values, ["GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_REGION"]);
  if (!config) return;
  const { GOOGLE_CLOUD_PROJECT: projectId, GOOGLE_CLOUD_REGION: region } = config;
  const wanted = wantedVcpus(folder);
  try {
    const quota = await readVcpuQuota(projectId, region, environment);
    if (quota === undefined) {
      area.byHand(
        `Google reports no vCPU quota for Cloud Run in ${region}`,
        `Look for "Total CPU allocation" at ${quotaPage(projectId)}: it should be at least ${wanted}`,
      );
      return;
    }
    area.check(
      quota >= wanted,
      `Cloud Run may use ${quota} vCPUs in ${region}; the functions' limits assume ${wanted}`,
      `Cloud Run may use only ${quota} vCPUs in ${region}; the functions' limits assume ${wanted}, so deployments are refused`,
      `Ask for more at ${quotaPage(projectId)}, or write vcpu_quota = ${Math.floor(quota)} into ${OWN_VARIABLES}; then terraform -chdir=terraform apply`,
    );
  } catch (error) {
    area.wrong(
      `the vCPU quota cannot be read: ${describeError(error)}`,
      googleRemedy(error, "cloudquotas", projectId),
    );
  }
}

function wantedVcpus(folder: string): number {
  try {
    const text = readFileSync(join(folder, OWN_VARIABLES), "utf8");
    const [, value] = /^\s*vcpu_quota\s*=\s*(\d+)/m.exec(text) ?? [];
    return Number(value ?? DEFAULT_VCPUS);
  } catch {
    return DEFAULT_VCPUS;
  }
}

function quotaPage(projectId: string): string {
  return `https://console.cloud.google.com/iam-admin/quotas?service=run.googleapis.com&project=${projectId}`;
}
