import { afterEach, expect, test } from "@jest/globals";
import { stripeClient } from "../../support/clients/stripe-client.ts";
import { community, startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { OnceLost } from "./lost-answers.ts";
import { machineOn } from "./machine.ts";
import { newcomer } from "./newcomer.ts";

const MOST_RUNS = 40;
const MOST_ACKNOWLEDGED = 100;

let cloud: TestCloud | undefined;
afterEach(() => cloud?.stop());

test.each([
  ["has its answer lost", { kind: "lose-answer" }],
  ["is refused for a moment", { kind: "fail", code: 503 }],
] as const)(
  "when each call that changes something %s once, everything is made once",
  async (_what, fault) => {
    const faults = new OnceLost(fault);
    const projectId = "c500-new";
    const started = await startTestCloud({
      onSockets: true,
      environment: {},
      rateLimits: false,
      projectId,
      faults,
    });
    cloud = started;
    const machine = machineOn(started);
    await machine.reset();
    const script = newcomer(started);
    let acknowledged = 0;
    const goesOn = () => {
      acknowledged += 1;
      if (acknowledged > MOST_ACKNOWLEDGED) throw new Error("It waits for the same thing again.");
    };
    const patient = { ...script, clicks: [...(script.clicks ?? []), [/./, goesOn] as const] };
    faults.isOn = true;
    let runs = 1;
    let last = "";
    for (; runs < MOST_RUNS; runs += 1) {
      const { code, output } = await machine.install(patient);
      if (code === 0) break;
      last = output;
    }
    faults.isOn = false;
    expect([...faults.lost]).toContainEqual(expect.stringMatching(/^project POST .*batchEnable/));
    expect(faults.lost.size).toBeGreaterThan(25);
    expect({ runs, last }).toMatchObject({ runs: expect.any(Number) });
    expect(runs).toBeLessThan(MOST_RUNS);
    expect(started.discord.namesIn(community.guildId)).toHaveLength(5);
    expect(started.upstashManagement?.databases()).toHaveLength(1);
    expect((await stripeClient(started).webhookEndpoints.list()).data).toHaveLength(2);
    expect((await stripeClient(started).accounts.list()).data).toEqual([]);
    machine.close();
  },
);
