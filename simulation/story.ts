import "./cheap-domains.ts";
import { takeEntropy } from "./entropy.ts";
import type { EveningResult } from "./evening.ts";
import type { EveningPlan } from "./plan.ts";

/** Runs an evening again and says what happened, each thing with its time since the beginning. */
export async function tell(plan: EveningPlan, say: (line: string) => void): Promise<EveningResult> {
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
