import "./cheap-domains.ts";
import { takeEntropy } from "./entropy.ts";
import type { SimulationPlan } from "./plan.ts";

takeEntropy();
// What draws while it is loaded must find that done.
const { reportOf, runPlan } = await import("./run-plan.ts");

process.on("message", async (plan: SimulationPlan) => {
  process.send?.(reportOf(plan, await runPlan(plan)));
});
// It ends as a process does by itself, so that what it has compiled is kept for the next.
process.once("disconnect", () => process.exit());
process.send?.("ready");
