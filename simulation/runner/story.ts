import "../fleet/cheap-domains.ts";
import { takeEntropy } from "../random/entropy.ts";
import type { SimulationResult } from "../simulation.ts";
import type { SimulationPlan } from "./plan.ts";

/** Reruns a simulation and prints each event with its time since the beginning. */
export async function printStory(
  plan: SimulationPlan,
  print: (line: string) => void,
): Promise<SimulationResult> {
  takeEntropy();
  // Loaded late, because modules that draw while loading must find entropy taken over.
  const { CodePool, runPlan } = await import("./run-plan.ts");
  const result = await runPlan(plan, new CodePool(), true);
  const [first] = result.lines;
  for (const { atMs, what } of result.lines) {
    const seconds = ((atMs - (first?.atMs ?? 0)) / 1000).toFixed(3);
    print(`${seconds.padStart(10)} ${what}`);
  }
  return result;
}
