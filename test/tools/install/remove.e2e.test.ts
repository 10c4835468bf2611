import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { steps as allSteps } from "../../../tools/install/steps/index.ts";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { KilledError, killedOnceAt } from "./interrupted.ts";
import { machineOn } from "./machine.ts";
import { newcomer } from "./newcomer.ts";

const PROJECT = "c500-new";
const MOST_RUNS = 40;

let cloud: TestCloud;
let machine: ReturnType<typeof machineOn>;

beforeAll(async () => {
  cloud = await startTestCloud({
    onSockets: true,
    environment: {},
    rateLimits: false,
    projectId: PROJECT,
  });
  machine = machineOn(cloud);
});
beforeEach(async () => {
  await machine.reset();
});
afterAll(async () => {
  machine.close();
  await cloud.stop();
});

const confirming = { typed: { "Type its project ID": PROJECT } };
const endpoints = async () => (await stripeClient(cloud).webhookEndpoints.list()).data;

async function expectNothingLeft(): Promise<void> {
  expect(cloud.project?.account.projects.get(PROJECT)?.state).toBe("DELETE_REQUESTED");
  expect([...(cloud.project?.account.buckets.keys() ?? [])]).toEqual([]);
  expect(cloud.discord.namesIn(community.guildId)).toEqual(["#general"]);
  expect(await endpoints()).toEqual([]);
  expect(cloud.upstashManagement?.databases()).toEqual([]);
  expect(cloud.twitch.subscriptions()).toEqual([]);
  expect(machine.programs.isDeployed()).toBe(false);
  expect(existsSync(join(machine.folder, "terraform/terraform.tfvars"))).toBe(false);
  expect(machine.file("c500.env")).not.toMatch(/=/);
}

test("an installation that has sold nothing is removed everywhere", async () => {
  await machine.install(newcomer(cloud));
  const { code, output } = await machine.remove(confirming);
  expect({ code, output }).toMatchObject({ code: 0 });
  await expectNothingLeft();
  expect((await machine.remove(confirming)).output).toMatch(
    /Nothing is installed from this folder/,
  );
});

test.each(["before", "after"] as const)(
  "killed once at each step, %s its undoing, a removal is finished by the next runs",
  async (when) => {
    await machine.install(newcomer(cloud));
    const deadly = killedOnceAt(allSteps, when);
    for (let runs = 1; runs < MOST_RUNS; runs += 1) {
      const outcome = await machine.remove(confirming, deadly.steps).catch((error: unknown) => {
        if (!(error instanceof KilledError)) throw error;
      });
      if (outcome) break;
    }
    expect(deadly.killed.size).toBeGreaterThan(7);
    await expectNothingLeft();
  },
);

test.each([1, 3, 5, 9, 12, 20, 25])(
  "an installation that stopped after step %i is removed",
  async (count) => {
    await machine.install(newcomer(cloud), allSteps.slice(0, count));
    const { code, output } = await machine.remove(confirming);
    expect({ code, output }).toMatchObject({ code: 0 });
    const project = cloud.project?.account.projects.get(PROJECT);
    expect(project?.state ?? "DELETE_REQUESTED").toBe("DELETE_REQUESTED");
    expect(await endpoints()).toEqual([]);
    expect(cloud.upstashManagement?.databases()).toEqual([]);
  },
);

test("after a sale, or without the project's name, a removal is refused and changes nothing", async () => {
  await machine.install(newcomer(cloud));
  const cases = [
    ["an order", "orders/cs_1"],
    ["an entry in the ledger", "ledger/sale-1"],
    ["a builder's debt", "builders/1/debts/1"],
  ] as const;
  for (const [what, path] of cases) {
    await cloud.firestore.doc(path).set({ total: 1 });
    const { code, output } = await machine.remove(confirming);
    await cloud.firestore.doc(path).delete();
    expect({ code, output }).toMatchObject({ code: 1 });
    expect(output).toContain(`has sold: there is ${what}`);
  }
  const unconfirmed = await machine.remove({ typed: { "Type its project ID": "yes" } });
  expect(unconfirmed).toMatchObject({ code: 1 });
  expect(unconfirmed.output).toMatch(/nothing was removed/);
  expect(machine.programs.isDeployed()).toBe(true);
  expect(await endpoints()).toHaveLength(2);
});

test("without a terminal a removal changes nothing, and says that it needs one", async () => {
  await machine.install(newcomer(cloud), allSteps.slice(0, 20));
  const { code, output } = await machine.remove();
  expect({ code, output }).toMatchObject({ code: 1 });
  expect(output).toMatch(/to go on\.\n→ Run this in a terminal/);
  expect(cloud.project?.account.projects.get(PROJECT)?.state).toBe("ACTIVE");
});

test("a removal that Terraform refuses says why and what to do, and is continued", async () => {
  await machine.install(newcomer(cloud));
  machine.programs.failure = (line) =>
    line.includes("destroy")
      ? { code: 1, output: "Error: Error acquiring the state lock" }
      : undefined;
  const refused = await machine.remove(confirming);
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.output).toMatch(/Terraform: Error: .*state lock\n→ .*force-unlock/);
  machine.programs.failure = () => undefined;
  expect(await machine.remove(confirming)).toMatchObject({ code: 0 });
  await expectNothingLeft();
});

test("a project that existed before stays", async () => {
  cloud.project?.account.create(PROJECT, {});
  await cloud.clock.advance(10_000);
  await machine.install(newcomer(cloud));
  const { output } = await machine.remove(confirming);
  expect(output).toMatch(/the project c500-new stays/);
  expect(cloud.project?.account.projects.get(PROJECT)?.state).toBe("ACTIVE");
  expect(await endpoints()).toEqual([]);
});
