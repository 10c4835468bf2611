import { beforeAll, describe, expect, test } from "@jest/globals";
import type { SimulationPlan, SimulationReport } from "../../simulation/runner/plan.ts";
import { runAll } from "../../simulation/runner/workers.ts";

/** Short ones with much in them, and what must have been replayed: `.ci/run` replays hundreds. */
const REPLAYED = [
  ["shop", "some", 19, ["an order, charged_back"]],
  ["shop", "some", 13, ["a debt, reversed"]],
  ["auction", "some", 3, ["an auction, sold", "an order, expired"]],
  ["race", "all", 7, ["a freeze of the ledger", "a refund of the ledger", "a payout of the"]],
] as const;
const STEPS = 30;

describe("the inputs and outputs of a simulation, replayed by the plain models", () => {
  const reports: SimulationReport[] = [];
  beforeAll(async () => {
    const plans = REPLAYED.map(
      ([scenario, trouble, seed]): SimulationPlan => ({
        scenario,
        seed,
        trouble,
        steps: STEPS,
        skipped: [],
        without: [],
      }),
    );
    await runAll(plans, (report) => reports.push(report));
  });

  test.each(REPLAYED)(
    "of the %s with %s faults, seed %d, match the documents and Stripe's balances",
    (scenario, _trouble, seed, replayed) => {
      const report = reports.find(({ plan }) => plan.scenario === scenario && plan.seed === seed);
      expect(report?.failure).toBeUndefined();
      const happened = report?.happened.map(([what]) => what).join("\n");
      for (const what of replayed) expect(happened).toContain(`replayed: ${what}`);
    },
  );
});
