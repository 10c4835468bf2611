import "./cheap-domains.ts";
import { takeEntropy } from "./entropy.ts";
import type { SimulationPlan } from "./plan.ts";
import type { SimulationResult } from "./simulation.ts";

/** Runs a simulation again and says what happened, each thing with its time since the beginning. */
export async function tell(
  plan: SimulationPlan,
  say: (line: string) => void,
): Promise<SimulationResult> {
  takeEntropy();
  // What draws while it is loaded must find that done.
  const { runPlan } = await import("./run-plan.ts");
  const result = await runPlan(plan, true);
  const [first] = result.lines;
  for (const { atMs, what } of result.lines) {
    const seconds = ((atMs - (first?.atMs ?? 0)) / 1000).toFixed(3);
    say(`${seconds.padStart(10)} ${what}`);
  }
  return result;
}
