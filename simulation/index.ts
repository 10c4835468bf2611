import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readTyped, UsageError } from "../tools/cli/command-line.ts";
import { devCommand, SCENARIOS, TROUBLES } from "../tools/cli/commands.ts";
import type { SimulationPlan, SimulationReport } from "./plan.ts";
import { shrink } from "./shrink.ts";
import { missingOf, tableOf } from "./sometimes.ts";
import { tell } from "./story.ts";
import { runAll } from "./workers.ts";

const KEPT = new URL("kept.json", import.meta.url);
const FAILURES = ".local/simulation";
const DEFAULT_SEEDS = 100;
const DEFAULT_STEPS = 40;
/** From so many steps on, everything that can happen must have happened. */
const LONG_RUN = 12_000;

const { texts, switches } = readTyped(devCommand("simulate"), process.argv.slice(2));
const say = (line: string) => process.stdout.write(`${line}\n`);

const openDefects = new Set(
  keptPlans().flatMap(({ scenario, expected }) => (expected ? [`${scenario} ${expected}`] : [])),
);

if (texts["replay"] !== undefined) await replay(texts["replay"]);
else await campaign();

async function campaign(): Promise<void> {
  const plans = switches.has("kept") ? keptPlans() : drawnPlans();
  if (plans.length === 0) say("No simulation is kept.");
  const twice = switches.has("twice") ? plans : [];
  const reports: SimulationReport[] = [];
  const startedMs = performance.now();
  await runAll([...plans, ...twice], (report) => {
    reports.push(report);
    progress(reports, plans.length + twice.length, startedMs);
  });
  const seconds = (performance.now() - startedMs) / 1000;
  const known = reports.filter(isKnown);
  const failed = reports.filter((report) => report.failure && !isKnown(report));
  const fixed = reports.filter(({ failure, plan }) => !failure && plan.expected !== undefined);
  const differing = switches.has("twice") ? differingOf(reports) : [];
  say("");
  say(tableOf(reports));
  const rate = ((60 * reports.length) / Math.max(seconds, 1e-3)).toFixed(0);
  say(`${reports.length} simulations in ${seconds.toFixed(0)} s, ${rate} a minute.`);
  for (const plan of differing)
    say(`Seed ${plan.seed} of ${plan.scenario} ran differently the second time.`);
  for (const { plan } of fixed) {
    say(
      `Seed ${plan.seed} of ${plan.scenario} keeps ${plan.expected} now: let kept.json expect that.`,
    );
  }
  for (const report of failed) await explain(report);
  const steps = reports.reduce((sum, { plan }) => sum + plan.steps, 0);
  const missing = steps >= LONG_RUN ? missingOf(reports) : [];
  for (const what of missing) say(`Never happened: ${what}.`);
  const isGood = failed.length + fixed.length + differing.length + missing.length === 0;
  if (known.length > 0) say(`${known.length} simulations met a known defect: ${rulesOf(known)}.`);
  if (isGood) say(known.length > 0 ? "Every other rule held." : "Every rule held.");
  if (failed.length > 0) say(`${failed.length} simulations broke a rule.`);
  process.exitCode = isGood ? 0 : 1;
}

function drawnPlans(): SimulationPlan[] {
  const first = number("seed", Math.floor(Math.random() * 2 ** 31));
  const count = number("seeds", texts["seed"] === undefined ? DEFAULT_SEEDS : 1);
  const wanted = texts["scenario"] ?? "all";
  const names = wanted === "all" ? SCENARIOS : SCENARIOS.filter((name) => name === wanted);
  const trouble = TROUBLES.find((each) => each === (texts["faults"] ?? "some"));
  if (names.length === 0 || !trouble) {
    const choices = [...SCENARIOS, "all"].join(", ");
    throw new UsageError(
      `--scenario is one of ${choices}; --faults one of ${TROUBLES.join(", ")}.`,
    );
  }
  const steps = number("steps", DEFAULT_STEPS);
  return Array.from({ length: count }, (_, index) => index).flatMap((index) => {
    const scenario = names[index % names.length] ?? "shop";
    return [{ scenario, seed: first + index, trouble, steps, skipped: [], without: [] }];
  });
}

function number(flag: string, otherwise: number): number {
  const typed = texts[flag];
  if (typed === undefined) return otherwise;
  const value = Number(typed);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new UsageError(`--${flag} takes a whole number, not "${typed}".`);
  }
  return value;
}

/** Simulations that broke a rule once, each with the rule and the cause. */
function keptPlans(): SimulationPlan[] {
  return JSON.parse(readFileSync(KEPT, "utf8")) as (SimulationPlan & {
    rule: string;
    cause: string;
  })[];
}

/** Whether a simulation broke a rule as it is expected to, or as a kept one of its scenario does until that is fixed. */
function isKnown({ plan, failure }: SimulationReport): boolean {
  if (!failure || switches.has("kept"))
    return failure !== undefined && failure.rule === plan.expected;
  return openDefects.has(`${plan.scenario} ${failure.rule}`);
}

/** Each rule that was broken, and on how many simulations. */
function rulesOf(reports: readonly SimulationReport[]): string {
  const rules = Map.groupBy(reports, ({ plan, failure }) => `${plan.scenario} ${failure?.rule}`);
  return [...rules].map(([rule, { length }]) => `${rule} (${length})`).join(", ");
}

function progress(reports: readonly SimulationReport[], total: number, startedMs: number): void {
  if (!process.stderr.isTTY) return;
  const failed = reports.filter(({ failure }) => failure).length;
  const rate = (1000 * reports.length) / (performance.now() - startedMs);
  const line = `${reports.length}/${total} simulations, ${rate.toFixed(1)} a second, ${failed} failed`;
  process.stderr.write(`\r${line}${reports.length === total ? "\n" : ""}`);
}

/** Runs whose second time had another trace. */
function differingOf(reports: readonly SimulationReport[]): SimulationPlan[] {
  const digests = new Map<string, string>();
  return reports.flatMap(({ plan, digest }) => {
    const key = JSON.stringify(plan);
    const first = digests.get(key);
    digests.set(key, first ?? digest);
    return first === undefined || first === digest ? [] : [plan];
  });
}

/** Says what broke, makes the simulation as short as it gets, and keeps it in a file. */
async function explain(failed: SimulationReport): Promise<void> {
  say("");
  say(`${failed.plan.scenario}, seed ${failed.plan.seed}: ${failed.failure?.message}`);
  const runOne = async (plan: SimulationPlan): Promise<SimulationReport> => {
    const reports: SimulationReport[] = [];
    await runAll([plan], (report) => reports.push(report));
    const [report] = reports;
    if (!report) throw new Error("A simulation has no report.");
    return report;
  };
  const best = switches.has("whole") ? failed : await shrink(failed, runOne, () => undefined);
  mkdirSync(FAILURES, { recursive: true });
  const file = `${FAILURES}/${failed.plan.scenario}-${failed.plan.seed}.json`;
  writeFileSync(file, `${JSON.stringify({ ...best.plan, rule: best.failure?.rule }, null, 2)}\n`);
  say(`Shortened to ${best.steps.length} steps: ${best.steps.join("; ")}`);
  say(`./dev simulate --replay ${file} tells it.`);
}

async function replay(file: string): Promise<void> {
  if (!existsSync(file)) throw new UsageError(`There is no file ${file}.`);
  const plan = JSON.parse(readFileSync(file, "utf8")) as SimulationPlan;
  const { failure } = await tell(plan, say);
  say(failure ? failure.message : "Every rule held.");
  process.exitCode = failure ? 1 : 0;
}
