import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type Stripe from "stripe";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { seeder, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { commandsOn } from "../commands.ts";

let cloud: TestCloud;
let commands: ReturnType<typeof commandsOn>;
let stripe: Stripe;

beforeAll(async () => {
  cloud = await startTestCloud({ onSockets: true, environment: {}, rateLimits: false });
  commands = commandsOn(cloud);
  stripe = stripeClient(cloud);
  await seeder(cloud).builder();
});
beforeEach(() => {
  cloud.faults.clear();
  cloud.stripe.refuseAccounts(undefined);
  cloud.project?.setVcpuQuota(20);
});
afterAll(async () => {
  commands.close();
  await cloud.stop();
});

const accounts = async () => (await stripe.accounts.list()).data;

test("setup really tries what a service may refuse, and leaves nothing behind", async () => {
  const { wrong, output } = await commands.setup();
  expect(wrong).toEqual([]);
  expect(output).toMatch(
    /ok +Stripe +Stripe allows accounts for builders: one was created and deleted/,
  );
  expect(output).toMatch(/ok +Redis +Redis accepts a key and deletes it again/);
  expect(output).toMatch(/ok +Google Cloud +Cloud Run may use 20 vCPUs/);
  expect(output).toMatch(/ok +Cloud Tasks +a task went through the queue drop-board/);
  expect(await accounts()).toEqual([]);
  const redis = cloud.settings["UPSTASH_REDIS_REST_URL"] ?? "";
  const headers = { authorization: `Bearer ${cloud.settings["UPSTASH_REDIS_REST_TOKEN"]}` };
  const body = JSON.stringify(["SCAN", "0", "MATCH", "setup:*", "COUNT", "1000"]);
  const keys = await fetch(redis, { method: "POST", headers, body });
  expect(await keys.json()).toEqual({ result: ["0", []] });
});

test("a test account that a run left behind is deleted by the next run; a builder's is not", async () => {
  const operation = /DELETE .*\/accounts/;
  cloud.faults.add({ target: "stripe", operation, fault: { kind: "drop" }, times: 3 });
  await commands.setup();
  expect(await accounts()).toHaveLength(1);
  cloud.faults.clear();
  const { id } = await stripe.accounts.create({ country: "US" });
  const { output } = await commands.setup();
  expect(output).toMatch(/ok +Stripe +Connect is on: builders have accounts/);
  expect((await accounts()).map((account) => account.id)).toEqual([id]);
  await stripe.accounts.del(id);
});

test.each([
  [
    "You can only create new accounts if you've signed up for Connect, which you can do at https://dashboard.stripe.com/connect.",
    /→ Sign the Connect platform agreement at/,
  ],
  [
    "Please review the responsibilities of managing losses for connected accounts at https://dashboard.stripe.com/settings/connect/platform-profile.",
    /→ Fill in the platform's profile and accept its responsibility for losses at/,
  ],
])("Stripe's refusal is reported with its remedy: %s", async (reason, remedy) => {
  cloud.stripe.refuseAccounts(reason);
  const { code, wrong } = await commands.setup();
  expect(code).toBe(1);
  expect(wrong).toEqual([
    expect.stringContaining(`Stripe refuses accounts for builders: ${reason}`),
  ]);
  expect(wrong[0]).toMatch(remedy);
});

describe("the platform's balance", () => {
  test("is refused by setup and doctor if the platform does not settle in the shop's currency", async () => {
    for (const { code, wrong } of [
      await commands.setup({ SHOP_CURRENCY: "gbp" }),
      await commands.doctor({ SHOP_CURRENCY: "gbp" }),
    ]) {
      expect(code).toBe(1);
      expect(wrong).toContainEqual(
        expect.stringMatching(
          /the platform settles in USD, not in SHOP_CURRENCY=gbp: .* → Set SHOP_CURRENCY to one of usd, or add a bank account in GBP/,
        ),
      );
    }
    const file = join(commands.folder, "terraform/c500.auto.tfvars.json");
    expect(readFileSync(file, "utf8")).not.toContain("gbp");
    cloud.stripe.settleIn("gbp");
    const { output, wrong } = await commands.setup({ SHOP_CURRENCY: "gbp" });
    expect(wrong).toEqual([]);
    expect(output).toMatch(/ok +Stripe +the platform settles in GBP, the shop's currency/);
    expect(readFileSync(file, "utf8")).toContain("gbp");
    await commands.setup({ SHOP_CURRENCY: "usd" });
  });

  test("keeps money for refunds, or the remedy is given", async () => {
    const daily = await commands.setup();
    expect(daily.code).toBe(0);
    expect(daily.output).toMatch(
      /by hand +Stripe +the platform's daily payouts empty the balance: .*\n +→ Set a minimum balance at https/,
    );
    cloud.stripe.schedulePayouts({ interval: "weekly", minimum: { usd: 50_000 } });
    expect((await commands.setup()).output).toMatch(
      /ok +Stripe +the platform's weekly payouts leave \$500\.00 for refunds/,
    );
    cloud.stripe.schedulePayouts({ interval: "manual", minimum: {} });
    expect((await commands.setup()).output).toMatch(
      /ok +Stripe +the platform's payouts are manual/,
    );
  });

  test.each([
    [
      /GET \/v1\/balance_settings/,
      "by hand",
      /payout schedule cannot be read.*\n +→ .*read balance settings/,
    ],
    [/GET \/v1\/account$/, "WRONG", /Stripe does not accept the key/],
  ])("that cannot be read is reported: %s", async (operation, standing, expected) => {
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code: 403 } });
    const { output } = await commands.setup();
    expect(output).toMatch(new RegExp(`${standing} +Stripe +.*${expected.source}`));
  });
});

test("a database that accepts no key, a small quota and a task that does not get through are reported", async () => {
  const fault = { kind: "fail", code: 400 } as const;
  cloud.faults.add({ target: "upstash", operation: /\bSET$/, fault });
  cloud.project?.setVcpuQuota(8);
  const { wrong } = await commands.setup({ TASKS_SERVICE_ACCOUNT: "another@{name}" });
  for (const finding of [
    /Redis does not accept a key: .*→ Use the database's own token, not the read-only one/,
    /Cloud Run may use only 8 vCPUs .*→ .*vcpu_quota = 8/,
    /a task of the queue drop-board did not get through: HTTP status code 403/,
  ]) {
    expect(wrong).toContainEqual(expect.stringMatching(finding));
  }
  expect(wrong).toHaveLength(3);
});
