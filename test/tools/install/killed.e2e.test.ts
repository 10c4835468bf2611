import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { steps as allSteps } from "../../../tools/install/steps/index.ts";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { KilledError, killedOnceAt } from "./interrupted.ts";
import { machineOn } from "./machine.ts";
import { newcomer } from "./newcomer.ts";

const MOST_RUNS = 100;

let cloud: TestCloud;
let machine: ReturnType<typeof machineOn>;

beforeAll(async () => {
  cloud = await startTestCloud({
    onSockets: true,
    environment: {},
    rateLimits: false,
    projectId: "c500-new",
  });
  machine = machineOn(cloud);
});
beforeEach(() => machine.reset());
afterAll(async () => {
  machine.close();
  await cloud.stop();
});

test.each(["before", "after"] as const)(
  "killed once at each step, %s its effect, an installation is finished by the next runs, and asks nothing twice",
  async (when) => {
    const deadly = killedOnceAt(allSteps, when);
    const typed: string[] = [];
    let runs = 1;
    for (; runs < MOST_RUNS; runs += 1) {
      const outcome = await machine
        .install(newcomer(cloud), deadly.steps)
        .catch((error: unknown) => {
          if (!(error instanceof KilledError)) throw error;
        });
      typed.push(...machine.typed());
      if (!outcome) continue;
      expect(outcome.output).toMatch(/Everything is installed/);
      break;
    }
    expect(deadly.killed.size).toBeGreaterThan(24);
    expect(runs).toBe(deadly.killed.size + 1);
    expect(typed).toHaveLength(6);
    expect(cloud.discord.namesIn(community.guildId)).toHaveLength(5);
    expect(cloud.upstashManagement?.databases()).toHaveLength(1);
    expect((await stripeClient(cloud).webhookEndpoints.list()).data).toHaveLength(2);
  },
);
