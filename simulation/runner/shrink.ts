import { faultKinds } from "../random/swarm.ts";
import type { SimulationPlan, SimulationReport } from "./plan.ts";

/** Runs one simulation. */
type Run = (plan: SimulationPlan) => Promise<SimulationReport>;

/** The maximum number of simulations for shortening one. */
const MOST_TRIES = 80;

/**
 * Finds a smaller simulation that breaks the same rule: excludes kinds of faults, then truncates
 * the end, then removes halves of the steps, down to single ones.
 */
export async function shrink(
  failed: SimulationReport,
  run: Run,
  print: (line: string) => void,
): Promise<SimulationReport> {
  let best = failed;
  let tries = 0;
  const attempt = async (plan: SimulationPlan): Promise<boolean> => {
    if (tries >= MOST_TRIES) return false;
    tries += 1;
    const report = await run(plan);
    if (report.failure?.rule !== failed.failure?.rule) return false;
    best = report;
    print(`${best.steps.length} steps, ${faultKinds.length - plan.without.length} kinds of faults`);
    return true;
  };

  for (const kind of faultKinds) {
    if (best.plan.without.includes(kind)) continue;
    await attempt({ ...best.plan, without: [...best.plan.without, kind] });
  }
  for (let cut = best.plan.steps; cut >= 1; cut = Math.floor(cut / 2)) {
    while (
      best.plan.steps > cut &&
      (await attempt({ ...best.plan, steps: best.plan.steps - cut }))
    );
  }
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    const numbers = best.steps.map((step) => Number.parseInt(step, 10));
    for (let from = 0; from < numbers.length; from += size) {
      const skipped = [...best.plan.skipped, ...numbers.slice(from, from + size)];
      await attempt({ ...best.plan, skipped });
    }
  }
  return best;
}
