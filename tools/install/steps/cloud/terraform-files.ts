import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readVcpuQuota } from "../../../doctor/checks/google/project.ts";
import { checkVcpuQuota } from "../../../doctor/checks/google/quota.ts";
import { connectProjects } from "../../google/projects.ts";
import { terraformOf } from "../../programs/terraform.ts";
import { BlockedError, done, missing, type Step, standingOf } from "../../step.ts";

/** The file with what an installation's owner decides. */
const OWN_VARIABLES = "terraform/terraform.tfvars";
/** Whole units of the billing account's currency, from which on a month is reported. */
const MONTHLY_BUDGET = 50;

/** Who is written to, and who pays. What is there already stays. */
export const ownVariables: Step = {
  name: "alerts and budget",
  async check({ context }) {
    const text = readOwn(context.folder);
    const [, emails] = /^\s*alert_emails\s*=\s*\[(.*)\]/m.exec(text) ?? [];
    return emails === undefined
      ? missing(`writing ${OWN_VARIABLES}`)
      : done(`alerts go to ${emails}`);
  },
  async run(installation) {
    const { google, context, projectId } = installation;
    const projects = connectProjects(google, context.clock);
    const email = await projects.email();
    if (email === undefined) {
      throw new BlockedError(
        "your sign-in shows no e-mail address for alerts",
        `Write this line into ${OWN_VARIABLES}, then press Enter: alert_emails = ["you@example.com"]`,
      );
    }
    const payer = await projects.payer(projectId);
    const lines = [
      `project_id      = "${projectId}"`,
      `alert_emails    = ["${email}"]`,
      ...(payer === undefined ? [] : [`billing_account = "${payer}"`]),
      `monthly_budget  = ${MONTHLY_BUDGET}`,
    ];
    const text = readOwn(context.folder);
    const names = lines.map((line) => /^\w+/.exec(line)?.[0] ?? "");
    const absent = lines.filter((_, at) => !new RegExp(`^\\s*${names[at]}\\s*=`, "m").test(text));
    writeOwn(context.folder, [text.trimEnd(), ...absent].filter(Boolean).join("\n"));
  },
};

/** Terraform with its state in the bucket, and the providers of the lock file. */
export const terraformInit: Step = {
  name: "Terraform",
  check: async (installation) =>
    terraformOf(installation).isInitialised()
      ? done("initialised")
      : missing("fetching its providers, which takes up to a minute"),
  run: (installation) => terraformOf(installation).initialise(),
};

/** The functions' limits follow from the processors that Google allows. */
export const quota: Step = {
  name: "processors",
  async check({ values, context }) {
    return await standingOf("Google allows what the functions' limits assume", "missing", (area) =>
      checkVcpuQuota(values, context.environment, context.folder, area),
    );
  },
  async run({ context, projectId, region }) {
    const allowed = await readVcpuQuota(projectId, region, context.environment);
    if (allowed === undefined || !Number.isFinite(allowed)) return;
    const others = readOwn(context.folder)
      .split("\n")
      .filter((line) => !/^\s*vcpu_quota\s*=/.test(line));
    const line = `vcpu_quota      = ${Math.floor(allowed)}`;
    writeOwn(context.folder, [others.join("\n").trimEnd(), line].join("\n"));
  },
};

function readOwn(folder: string): string {
  const path = join(folder, OWN_VARIABLES);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function writeOwn(folder: string, text: string): void {
  const path = join(folder, OWN_VARIABLES);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, `${text}\n`);
  renameSync(`${path}.new`, path);
}
