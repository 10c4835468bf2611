import { describe, expect, test } from "@jest/globals";
import type { SimulationPlan, SimulationReport } from "../../simulation/runner/plan.ts";
import { shrink } from "../../simulation/runner/shrink.ts";

const PLAN: SimulationPlan = {
  scenario: "shop",
  seed: 1,
  trouble: "all",
  steps: 40,
  skipped: [],
  without: [],
};

/** A simulation that breaks a rule if steps 3 and 17 are taken while instances are killed. */
async function run(plan: SimulationPlan): Promise<SimulationReport> {
  const numbers = Array.from({ length: plan.steps }, (_, step) => step);
  const taken = numbers.filter((step) => !plan.skipped.includes(step));
  const isBroken = taken.includes(3) && taken.includes(17) && !plan.without.includes("killed");
  const failure = isBroken ? { rule: "I1", message: "I1: a unit is gone" } : undefined;
  const steps = taken.map((step) => `${step} press Buy Now`);
  return { plan, failure, steps, digest: "", count: 0, happened: [] };
}

describe("a simulation that broke a rule", () => {
  test("is shortened to the necessary steps and kinds of faults", async () => {
    const best = await shrink(await run(PLAN), run, () => undefined);
    expect(best.steps.map((step) => Number.parseInt(step, 10))).toEqual([3, 17]);
    expect(best.failure?.rule).toBe("I1");
    expect(best.plan.without).not.toContain("killed");
    expect(best.plan.without).toContain("frozen");
  });

  test("is not shortened if another rule would break instead", async () => {
    const other = async (plan: SimulationPlan): Promise<SimulationReport> => {
      const report = await run(plan);
      const isWhole = plan.skipped.length === 0 && plan.without.length === 0 && plan.steps === 40;
      return isWhole ? report : { ...report, failure: { rule: "M1", message: "" } };
    };
    const best = await shrink(await run(PLAN), other, () => undefined);
    expect(best.plan).toEqual(PLAN);
  });
});
