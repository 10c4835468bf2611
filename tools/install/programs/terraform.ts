import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Installation } from "../installation.ts";
import { NotYetError } from "../patience.ts";
import { BlockedError } from "../step.ts";
import { stateBucketOf } from "../steps/google/state-bucket.ts";
import type { Ended } from "./programs.ts";

/** What an apply makes: everything, or what has to exist before the code. */
type Extent = "foundation" | "everything";

/** Terraform in the installation's folder. Methods throw BlockedError and NotYetError. */
export interface Terraform {
  /** Whether it is initialised with the installation's state. */
  isInitialised(): boolean;
  initialise(): Promise<void>;
  /** Whether functions have been deployed: an apply of the foundation alone would delete them. */
  isDeployed(): Promise<boolean>;
  /** Whether everything is as the files say. */
  isCurrent(extent: Extent): Promise<boolean>;
  apply(extent: Extent): Promise<void>;
  /** Destroys everything except the database. */
  destroy(): Promise<void>;
}

const DATABASE = ["google_firestore_database.database", "(default)"];
const DEPLOYED = "terraform_data.deployed";
/** https://developer.hashicorp.com/terraform/cli/commands/plan#detailed-exitcode */
const DIFFERS = 2;

export function terraformOf(installation: Installation): Terraform {
  const { context } = installation;
  const run = (args: readonly string[], isShown = false) =>
    context.programs.run("terraform", ["-chdir=terraform", ...args], isShown);
  const optionsFor = (extent: Extent) => [
    "-input=false",
    "-no-color",
    ...(extent === "foundation" ? ["-var=deploy_functions=false"] : []),
  ];
  return {
    isInitialised: () =>
      bucketIn(join(context.folder, "terraform/.terraform/terraform.tfstate")) ===
      stateBucketOf(installation),
    async initialise() {
      const backend = [`bucket=${stateBucketOf(installation)}`, "prefix=c500"];
      const options = backend.map((each) => `-backend-config=${each}`);
      const ended = await run(["init", "-input=false", "-no-color", "-reconfigure", ...options]);
      if (ended.code !== 0) throw refusalOf(ended);
    },
    async isDeployed() {
      const { code, output } = await run(["state", "list", DEPLOYED]);
      return code === 0 && output.includes(DEPLOYED);
    },
    async isCurrent(extent) {
      const ended = await run(["plan", "-detailed-exitcode", ...optionsFor(extent)]);
      if (ended.code === 0 || ended.code === DIFFERS) return ended.code === 0;
      throw refusalOf(ended);
    },
    async apply(extent) {
      const ended = await run(["apply", "-auto-approve", ...optionsFor(extent)], true);
      if (ended.code === 0) return;
      if (!/database already exists/i.test(ended.output)) throw refusalOf(ended);
      const imported = await run(["import", ...optionsFor(extent), ...DATABASE]);
      if (imported.code !== 0) throw refusalOf(imported);
      throw new NotYetError("the database existed already, and is Terraform's now");
    },
    async destroy() {
      const { code, output } = await run(["state", "list"]);
      if (code !== 0 || output.trim() === "") return;
      // It prevents what is meant here: the end of functions that were deployed.
      if (output.includes(DEPLOYED)) await run(["state", "rm", `${DEPLOYED}[0]`]);
      const ended = await run(["destroy", "-auto-approve", ...optionsFor("foundation")], true);
      if (ended.code !== 0) throw refusalOf(ended);
    },
  };
}

/** The bucket that Terraform was initialised with; undefined if it was not. */
function bucketIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8")).backend?.config?.bucket;
  } catch {
    return undefined;
  }
}

/** Failures that pass by themselves: what was made just now is not known everywhere. */
const PASSING =
  /has not been used in project|it is disabled|does not exist|retrieve the repository metadata|Cannot find metric|Per project mutation requests|RESOURCE_EXHAUSTED|Error 429|Error 50[0234]/;

/** What a person can do about others. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /permitted customer|allowedPolicyMemberDomains/,
    "Your organisation forbids access by everyone, and Discord and Stripe have to reach the functions. Ask an organisation policy administrator to allow all members in this project: https://console.cloud.google.com/iam-admin/orgpolicies",
  ],
  [
    /Quota violated|Max instances must be set/,
    "Google gives the project fewer processors than the functions' limits assume. Ask for more at https://console.cloud.google.com/iam-admin/quotas, or write a lower vcpu_quota into terraform/terraform.tfvars",
  ],
  [
    /Error acquiring the state lock/,
    "Another run holds the lock, or one was killed. If none is running: terraform -chdir=terraform force-unlock ID, with the ID above",
  ],
  [
    /billing account .* is disabled|Billing must be enabled/i,
    "Link a billing account that can pay: https://console.cloud.google.com/billing/projects",
  ],
  [
    /could not find default credentials|invalid_grant|reauth/,
    "Sign in again: gcloud auth application-default login",
  ],
];

const SHOWN_LINES = 6;

function refusalOf({ output }: Ended): Error {
  const known = REMEDIES.find(([pattern]) => pattern.test(output));
  const error = output.slice(Math.max(0, output.search(/^.*Error: /m)));
  const lines = error
    .split("\n")
    .map((line) => line.replace(/^[\s│╷╵]+/, ""))
    .filter(Boolean);
  const shown = lines.slice(0, SHOWN_LINES).join(" ").trim() || "it ended with an error";
  if (!known && PASSING.test(output)) return new NotYetError(shown);
  const remedy = known?.[1] ?? "Run this, which shows more: terraform -chdir=terraform plan";
  return new BlockedError(`Terraform: ${shown}`, remedy);
}
