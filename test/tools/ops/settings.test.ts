import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type ProjectEmulator, startProject } from "../../../local/google/project/index.ts";
import { type SecretsEmulator, startSecrets } from "../../../local/google/secrets/index.ts";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { settingsHere } from "../../../tools/ops/settings-here.ts";
import { readTerraform } from "../../terraform/read-terraform.ts";

const PROJECT = "c500-real";
const folder = mkdtempSync(join(tmpdir(), "c500-ops-"));
let secrets: SecretsEmulator;
let project: ProjectEmulator;

beforeAll(async () => {
  const clock = new LocalClock();
  secrets = await startSecrets({ clock, faults: new FaultPlan(), projectId: PROJECT });
  const options = { clock, faults: new FaultPlan(), projectId: PROJECT, region: "us-central1" };
  project = await startProject(options);
  secrets.keep("STRIPE_SECRET_KEY", "sk_test_kept\n");
  secrets.keep("TWITCH_CLIENT_SECRET", "kept");
  mkdirSync(join(folder, "terraform"));
  const variables = { project_id: PROJECT, settings: { PUBLIC_SITE_URL: "https://c500.store" } };
  writeFileSync(join(folder, "terraform/c500.auto.tfvars.json"), JSON.stringify(variables));
  writeFileSync(join(folder, "c500.env"), "DISCORD_GUILD_ID=7\n");
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all([secrets.stop(), project.stop()]);
});

const here = (environment: Record<string, string> = {}) =>
  settingsHere(["STRIPE_SECRET_KEY", "UPSTASH_REDIS_REST_TOKEN", "PUBLIC_SITE_URL"], {
    environment: { SECRET_MANAGER_EMULATOR_HOST: secrets.host, ...environment },
    folder,
  });

test("operators do not have to type what setup has written, and secrets come from Secret Manager", async () => {
  expect(await here()).toMatchObject({
    GOOGLE_CLOUD_PROJECT: PROJECT,
    PUBLIC_SITE_URL: "https://c500.store",
    DISCORD_GUILD_ID: "7",
    STRIPE_SECRET_KEY: "sk_test_kept",
    FUNCTIONS_BASE_URL: `https://us-central1-${PROJECT}.cloudfunctions.net`,
  });
});

test("a secret that a command does not need is not read, and the environment takes precedence", async () => {
  const settings = await here({ STRIPE_SECRET_KEY: "sk_test_given" });
  expect(settings["TWITCH_CLIENT_SECRET"]).toBeUndefined();
  expect(settings["STRIPE_SECRET_KEY"]).toBe("sk_test_given");
});

test("operators' tasks use the address and the account that Terraform sets", async () => {
  const terraform = await readTerraform();
  const account = terraform.one("google_service_account", "tasks");
  expect(account["account_id"]).toBe("tasks-{each.key}");
  const settings = await settingsHere(["FUNCTION_URL_TEMPLATE"], {
    environment: {
      SECRET_MANAGER_EMULATOR_HOST: secrets.host,
      CLOUD_RESOURCE_MANAGER_EMULATOR_HOST: project.host,
    },
    folder,
  });
  expect(settings).toMatchObject({
    FUNCTION_URL_TEMPLATE: "https://{name}-123456789012.us-central1.run.app",
    TASKS_SERVICE_ACCOUNT: `tasks-{name}@${PROJECT}.iam.gserviceaccount.com`,
  });
  expect(terraform.locals["settings"]).toContain(
    '"https://{name}-{data.google_project.this.number}.{var.region}.run.app"',
  );
});

test("if Secret Manager does not answer, the operator learns which secret is missing and what to do", async () => {
  const unreachable = here({ SECRET_MANAGER_EMULATOR_HOST: "127.0.0.1:1" });
  await expect(unreachable).rejects.toThrow(/^STRIPE_SECRET_KEY cannot be read: .+ Run this again/);
});
