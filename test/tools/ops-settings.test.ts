import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { LocalClock } from "../../local/kit/clock.ts";
import { FaultPlan } from "../../local/kit/faults.ts";
import { type SecretsStandIn, startSecrets } from "../../local/secrets/index.ts";
import { settingsHere } from "../../tools/ops/settings-here.ts";
import { readTerraform } from "../terraform/read-terraform.ts";

const PROJECT = "c500-real";
const folder = mkdtempSync(join(tmpdir(), "c500-ops-"));
let secrets: SecretsStandIn;

beforeAll(async () => {
  const clock = new LocalClock();
  secrets = await startSecrets({ clock, faults: new FaultPlan(), projectId: PROJECT });
  secrets.keep("STRIPE_SECRET_KEY", "sk_test_kept\n");
  secrets.keep("TWITCH_CLIENT_SECRET", "kept");
  mkdirSync(join(folder, "terraform"));
  const variables = { project_id: PROJECT, settings: { PUBLIC_SITE_URL: "https://c500.store" } };
  writeFileSync(join(folder, "terraform/c500.auto.tfvars.json"), JSON.stringify(variables));
  writeFileSync(join(folder, "c500.env"), "DISCORD_GUILD_ID=7\n");
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await secrets.stop();
});

const here = (environment: Record<string, string> = {}) =>
  settingsHere(["STRIPE_SECRET_KEY", "UPSTASH_REDIS_REST_TOKEN", "PUBLIC_SITE_URL"], {
    environment: { SECRET_MANAGER_EMULATOR_HOST: secrets.host, ...environment },
    folder,
  });

test("operators need not type what setup has written, and secrets come from Secret Manager", async () => {
  expect(await here()).toMatchObject({
    GOOGLE_CLOUD_PROJECT: PROJECT,
    PUBLIC_SITE_URL: "https://c500.store",
    DISCORD_GUILD_ID: "7",
    STRIPE_SECRET_KEY: "sk_test_kept",
    FUNCTIONS_BASE_URL: `https://us-central1-${PROJECT}.cloudfunctions.net`,
  });
});

test("a secret that a command does not need is not read, and the environment wins", async () => {
  const settings = await here({ STRIPE_SECRET_KEY: "sk_test_given" });
  expect(settings["TWITCH_CLIENT_SECRET"]).toBeUndefined();
  expect(settings["STRIPE_SECRET_KEY"]).toBe("sk_test_given");
});

test("tasks that operators make carry the account that Terraform makes for them", async () => {
  const callers = (await readTerraform()).one("google_service_account", "caller");
  expect(callers["account_id"]).toBe("c500-{each.key}");
  const { TASKS_SERVICE_ACCOUNT } = await here();
  expect(TASKS_SERVICE_ACCOUNT).toBe(`c500-tasks@${PROJECT}.iam.gserviceaccount.com`);
});

test("where Secret Manager does not answer, the operator reads which secret and what to do", async () => {
  const unreachable = here({ SECRET_MANAGER_EMULATOR_HOST: "127.0.0.1:1" });
  await expect(unreachable).rejects.toThrow(
    /^STRIPE_SECRET_KEY can not be read: .+ Run this again/,
  );
});
