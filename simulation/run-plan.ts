import { type EveningResult, runEvening } from "./evening.ts";
import type { EveningPlan, EveningReport } from "./plan.ts";
import { scenarios } from "./scenarios.ts";

/** Runs one evening in this process; with its trace if wanted. */
export async function runPlan(plan: EveningPlan, isTraced = false): Promise<EveningResult> {
  const scenario = scenarios.find(({ name }) => name === plan.scenario);
  if (!scenario) throw new Error(`There is no scenario "${plan.scenario}".`);
  return runEvening({
    ...{ scenario, seed: plan.seed, trouble: plan.trouble, steps: plan.steps, isTraced },
    skipped: new Set(plan.skipped),
    without: new Set(plan.without),
    judged: plan.judged ?? [],
  });
}

/** A result without its trace. */
export function reportOf(
  plan: EveningPlan,
  { failure, digest, count, happened, steps }: EveningResult,
): EveningReport {
  return { plan, failure, digest, count, happened: [...happened], steps };
}
