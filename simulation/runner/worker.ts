import "../fleet/cheap-domains.ts";
import { takeEntropy } from "../random/entropy.ts";
import type { SimulationPlan } from "./plan.ts";

takeEntropy();
// Loaded late, because modules that draw while loading must find entropy taken over.
const { CodePool, reportOf, runPlan } = await import("./run-plan.ts");
const codes = new CodePool();

process.on("message", async (plan: SimulationPlan) => {
  process.send?.(reportOf(plan, await runPlan(plan, codes)));
});
// Exits like a normal process end, so that the compile cache is saved for the next one.
process.once("disconnect", () => process.exit());
process.send?.("ready");
