import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { functionNames } from "../../../functions/manifest.ts";
import { invokersOf } from "../../../local/functions/invoker.ts";
import type { Ended, Programs } from "../../../tools/install/programs/programs.ts";
import { settingNames } from "../../../tools/settings/function-settings.ts";
import { isSecret } from "../../../tools/settings/values.ts";
import type { TestCloud } from "../../support/cloud.ts";
import type { SecretAnswer } from "../commands.ts";

/** What the simulated programs work on. */
interface Machine {
  readonly cloud: TestCloud;
  readonly folder: string;
  readonly credentialsFile: string;
  secrets(method: string, path: string, body?: object): Promise<SecretAnswer>;
}

/** How a simulated program fails; undefined lets it work. */
type Failure = (commandLine: string) => Ended | undefined;

/** The simulated programs, and what a test may change about them. */
export interface SimulatedPrograms extends Programs {
  readonly calls: readonly string[];
  /** Programs that are not installed on this machine. */
  readonly absent: Set<string>;
  /** The versions that are installed. */
  readonly versions: { gcloud: string; terraform: string };
  failure: Failure;
  /** Whether Terraform's state says that functions are deployed. */
  isDeployed(): boolean;
  /** A machine on which nothing has been run. */
  reset(): void;
}

const ok = (output = ""): Ended => ({ code: 0, output });
const failed = (output: string, code = 1): Ended => ({ code, output });
const DIFFERS = 2;
const NEW_VERSIONS = { gcloud: "550.0.0", terraform: "1.13.4" };

/**
 * Simulates the programs that `./dev install` runs: `gcloud`, which signs a person in; `terraform`, which creates the
 * secrets in the local Secret Manager and starts the local functions with their newest settings and secrets (topics,
 * queues, database and indexes are there from the start of a local cloud); and `./dev build`, which writes archives
 * without code.
 */
export function simulatedPrograms(machine: Machine): SimulatedPrograms {
  const { cloud, folder, credentialsFile, secrets } = machine;
  const projectId = cloud.settings["GOOGLE_CLOUD_PROJECT"] ?? "";
  const state = { hasFoundation: false, deployed: undefined as string | undefined };
  const calls: string[] = [];
  const secretNames = settingNames.filter(isSecret);

  async function terraform(args: readonly string[]): Promise<Ended> {
    const [command = "", ...rest] = args.filter((arg) => !arg.startsWith("-chdir"));
    const extent = rest.includes("-var=deploy_functions=false") ? "foundation" : "everything";
    switch (command) {
      case "version":
        return ok(`Terraform v${programs.versions.terraform}\non linux_amd64\n`);
      case "init":
        return initialise(rest);
      case "state":
        return stateCommand(rest);
      case "plan":
        if (extent === "everything" && problem()) return failed(`Error: ${problem()}`);
        return isCurrent(extent) ? ok("No changes.") : failed("Plan: 1 to add", DIFFERS);
      case "apply":
        return await apply(extent);
      case "destroy":
        return await destroy();
      default:
        return failed(`Terraform has no command named "${command}".`);
    }
  }

  function initialise(args: readonly string[]): Ended {
    const bucket = args.map((arg) => /^-backend-config=bucket=(.*)$/.exec(arg)?.[1]).find(Boolean);
    if (!cloud.project?.account.buckets.has(bucket ?? "")) {
      return failed("Error: Failed to get existing workspaces: bucket doesn't exist");
    }
    write(
      "terraform/.terraform/terraform.tfstate",
      JSON.stringify({ backend: { config: { bucket } } }),
    );
    return ok();
  }

  function stateCommand([verb]: readonly string[]): Ended {
    if (!state.hasFoundation) return failed("No state file was found!");
    const deployed = state.deployed === undefined ? "" : "terraform_data.deployed[0]\n";
    if (verb === "list") return ok(`google_secret_manager_secret.secret\n${deployed}`);
    state.deployed = undefined;
    return ok();
  }

  /** What Terraform's own validation would refuse. */
  function problem(): string | undefined {
    const variables = read("terraform/c500.auto.tfvars.json");
    if (variables === undefined) return "These settings are missing. Run ./dev setup";
    const { secret_versions: versions } = JSON.parse(variables);
    const needed = secretNames.filter((name) => !/KOFI|SHOPIFY|WOOCOMMERCE/.test(name));
    const absent = needed.filter((name) => versions[name] === undefined);
    if (absent.length > 0) return `These secrets have no version yet: ${absent.join(", ")}`;
    const unbuilt = functionNames.find((name) => !existsSync(join(folder, `dist/${name}.zip`)));
    return unbuilt && `dist/${unbuilt}.zip is missing. Run ./dev build first.`;
  }

  function wanted(): string {
    const variables = `${read("terraform/c500.auto.tfvars.json")}${read("terraform/terraform.tfvars")}`;
    return createHash("sha256").update(variables).digest("hex");
  }

  function isCurrent(extent: string): boolean {
    return extent === "foundation" ? state.hasFoundation : state.deployed === wanted();
  }

  async function apply(extent: string): Promise<Ended> {
    if (!/alert_emails/.test(read("terraform/terraform.tfvars") ?? "")) {
      return failed("Error: No value for required variable");
    }
    for (const name of secretNames) {
      await secrets("POST", `?secretId=${name}`, { replication: { automatic: {} } });
    }
    state.hasFoundation = true;
    if (extent === "foundation") return ok("Apply complete!");
    const refusal = problem();
    if (refusal) return failed(`Error: ${refusal}`);
    const { settings, secret_versions: versions } = JSON.parse(
      read("terraform/c500.auto.tfvars.json") ?? "",
    );
    const values: Record<string, string> = {};
    for (const [name, version] of Object.entries(versions)) {
      const { payload } = await secrets("GET", `/${name}/versions/${version}:access`);
      values[name] = Buffer.from(payload?.data ?? "", "base64").toString();
    }
    const made = ["FUNCTIONS_BASE_URL", "FUNCTION_URL_TEMPLATE", "TASKS_SERVICE_ACCOUNT"];
    const kept = Object.entries(cloud.settings).filter(
      ([name]) => made.includes(name) || /^GOOGLE_CLOUD|_EMULATOR_HOST$/.test(name),
    );
    await cloud.functions.start({ ...Object.fromEntries(kept), ...settings, ...values });
    for (const [name, members] of invokersOf(projectId)) cloud.project?.setInvokers(name, members);
    state.deployed = wanted();
    return ok("Apply complete!");
  }

  async function destroy(): Promise<Ended> {
    if (state.deployed !== undefined) return failed("Error: Instance cannot be destroyed");
    cloud.functions.undeploy();
    for (const name of functionNames) cloud.project?.setInvokers(name, undefined);
    for (const name of secretNames) await secrets("DELETE", `/${name}`);
    state.hasFoundation = false;
    return ok("Destroy complete!");
  }

  function gcloud(args: readonly string[]): Ended {
    const account = cloud.project?.account;
    const line = args.join(" ");
    if (line === "--version") {
      return ok(`Google Cloud SDK ${programs.versions.gcloud}\nbq 2.1.18\n`);
    }
    if (line === "auth application-default login") {
      if (account) account.isSignedIn = true;
      writeFileSync(credentialsFile, JSON.stringify({ type: "authorized_user" }));
      return ok();
    }
    const [, quotaProject] = /set-quota-project (\S+)$/.exec(line) ?? [];
    if (quotaProject === undefined) return failed(`Invalid choice: ${line}`);
    const known = { type: "authorized_user", quota_project_id: quotaProject };
    writeFileSync(credentialsFile, JSON.stringify(known));
    return ok();
  }

  function build(): Ended {
    for (const name of functionNames) write(`dist/${name}.zip`, "no code");
    return ok();
  }

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  function read(path: string): string | undefined {
    return existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : undefined;
  }

  const programs: SimulatedPrograms = {
    calls,
    absent: new Set(),
    versions: { ...NEW_VERSIONS },
    failure: () => undefined,
    isDeployed: () => state.deployed !== undefined,
    reset() {
      Object.assign(state, { hasFoundation: false, deployed: undefined });
      programs.absent.clear();
      Object.assign(programs.versions, NEW_VERSIONS);
      programs.failure = () => undefined;
      calls.length = 0;
    },
    async run(program, args) {
      const line = [program, ...args].join(" ");
      calls.push(line);
      if (programs.absent.has(program)) return failed("", 127);
      const failure = programs.failure(line);
      if (failure) return failure;
      if (program === "gcloud") return gcloud(args);
      return program === "terraform" ? await terraform(args) : build();
    },
  };
  return programs;
}
