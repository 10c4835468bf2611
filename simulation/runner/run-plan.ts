import { CodePool } from "../../local/functions/bundle.ts";
import { scenarios } from "../scenarios/index.ts";
import { runSimulation, type SimulationOptions, type SimulationResult } from "../simulation.ts";
import type { SimulationPlan, SimulationReport } from "./plan.ts";

/** The functions' code for `runPlan`. */
export { CodePool };

/** Runs one simulation in this process, on request with its trace and observed. */
export async function runPlan(
  plan: SimulationPlan,
  codes: CodePool,
  isTraced = false,
  watching: Pick<SimulationOptions, "observe" | "onStep"> = {},
): Promise<SimulationResult> {
  const scenario = scenarios.find(({ name }) => name === plan.scenario);
  if (!scenario) throw new Error(`There is no scenario "${plan.scenario}".`);
  return runSimulation({
    scenario,
    seed: plan.seed,
    trouble: plan.trouble,
    steps: plan.steps,
    isTraced,
    ...watching,
    codes,
    skipped: new Set(plan.skipped),
    without: new Set(plan.without),
    judged: plan.judged ?? [],
  });
}

/** A result without its trace. */
export function reportOf(
  plan: SimulationPlan,
  { failure, digest, count, happened, steps }: SimulationResult,
): SimulationReport {
  return { plan, failure, digest, count, happened: [...happened], steps };
}
