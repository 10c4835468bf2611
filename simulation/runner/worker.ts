import "../fleet/cheap-domains.ts";
import { takeEntropy } from "../random/entropy.ts";
import type { SimulationPlan } from "./plan.ts";

takeEntropy();
// Thousands of errors are expected ones whose stack nobody reads; a failure needs only its place.
Error.stackTraceLimit = 5;
// Loaded late, because modules that draw while loading must find entropy taken over.
const { CodePool, reportOf, runPlan } = await import("./run-plan.ts");
const codes = new CodePool();

process.on("message", async (plan: SimulationPlan) => {
  process.send?.(reportOf(plan, await runPlan(plan, codes)));
});
// Exits like a normal process end, so that the compile cache is saved for the next one.
process.once("disconnect", () => process.exit());
process.send?.("ready");
