import { hash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readTyped, UsageError } from "../tools/cli/command-line.ts";
import { devCommand, SCENARIOS, TROUBLES } from "../tools/cli/commands.ts";
import type { SimulationPlan, SimulationReport } from "./runner/plan.ts";
import { shrink } from "./runner/shrink.ts";
import { missingOf, tableOf } from "./runner/sometimes.ts";
import { printStory } from "./runner/story.ts";
import { runAll } from "./runner/workers.ts";

const RECORDED_PLANS = new URL("kept.json", import.meta.url);
const FAILURES = ".local/simulation";
const DEFAULT_SEEDS = 100;
const DEFAULT_STEPS = 40;
/** From this many steps on, everything that can happen must have happened. */
const LONG_RUN = 12_000;

const { texts, switches } = readTyped(devCommand("simulate"), process.argv.slice(2));
const print = (line: string) => process.stdout.write(`${line}\n`);

const openDefects = new Set(
  readRecordedPlans().flatMap(({ scenario, expected }) =>
    expected ? [`${scenario} ${expected}`] : [],
  ),
);

if (texts["replay"] !== undefined) await replay(texts["replay"]);
else await campaign();

async function campaign(): Promise<void> {
  const plans = chosenPlans();
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
  print("");
  print(tableOf(reports));
  const rate = ((60 * reports.length) / Math.max(seconds, 1e-3)).toFixed(0);
  print(`${reports.length} simulations in ${seconds.toFixed(0)} s, ${rate} a minute.`);
  print(`Digest of their traces: ${digestOf(reports)}.`);
  for (const plan of differing)
    print(`Seed ${plan.seed} of ${plan.scenario} ran differently the second time.`);
  for (const { plan } of fixed) {
    print(
      `Seed ${plan.seed} of ${plan.scenario} no longer breaks ${plan.expected}: update its expectation in kept.json.`,
    );
  }
  for (const report of failed) await explain(report);
  const drawn = reports.filter(({ plan }) => plan.rule === undefined);
  const steps = drawn.reduce((sum, { plan }) => sum + plan.steps, 0);
  const missing = steps >= LONG_RUN ? missingOf(reports) : [];
  for (const what of missing) print(`Never happened: ${what}.`);
  const isGood = failed.length + fixed.length + differing.length + missing.length === 0;
  if (known.length > 0) print(`${known.length} simulations met a known defect: ${rulesOf(known)}.`);
  if (isGood) print(known.length > 0 ? "Every other rule held." : "Every rule held.");
  if (failed.length > 0) print(`${failed.length} simulations broke a rule.`);
  process.exitCode = isGood ? 0 : 1;
}

/** The recorded simulations come first: they are the longest. */
function chosenPlans(): SimulationPlan[] {
  if (!switches.has("kept")) return drawnPlans();
  return [...readRecordedPlans(), ...(texts["seed"] === undefined ? [] : drawnPlans())];
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

/** Recorded simulations that broke a rule once, with the rule and the cause. */
function readRecordedPlans(): SimulationPlan[] {
  return JSON.parse(readFileSync(RECORDED_PLANS, "utf8")) as SimulationPlan[];
}

/**
 * Whether a simulation broke its expected rule, or the rule of an unfixed recorded simulation of
 * its scenario.
 */
function isKnown({ plan, failure }: SimulationReport): boolean {
  if (!failure) return false;
  if (plan.rule !== undefined) return failure.rule === plan.expected;
  return openDefects.has(`${plan.scenario} ${failure.rule}`);
}

/** Each broken rule and the number of simulations that broke it. */
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

/** Runs whose repetition had another trace. */
function differingOf(reports: readonly SimulationReport[]): SimulationPlan[] {
  const digests = new Map<string, string>();
  return reports.flatMap(({ plan, digest }) => {
    const key = JSON.stringify(plan);
    const first = digests.get(key);
    digests.set(key, first ?? digest);
    return first === undefined || first === digest ? [] : [plan];
  });
}

/** One digest of all traces, in any order: equal on every machine that runs these simulations on the same code. */
function digestOf(reports: readonly SimulationReport[]): string {
  const lines = reports.map(({ plan, digest }) => `${plan.scenario} ${plan.seed} ${digest}`);
  return hash("sha256", lines.sort().join("\n")).slice(0, 16);
}

/** Prints what broke, shortens the simulation as far as possible and writes it to a file. */
async function explain(failed: SimulationReport): Promise<void> {
  print("");
  print(`${failed.plan.scenario}, seed ${failed.plan.seed}: ${failed.failure?.message}`);
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
  print(`Shortened to ${best.steps.length} steps: ${best.steps.join("; ")}`);
  print(`./dev simulate --replay ${file} prints its story.`);
}

async function replay(file: string): Promise<void> {
  if (!existsSync(file)) throw new UsageError(`The file ${file} does not exist.`);
  const plan = JSON.parse(readFileSync(file, "utf8")) as SimulationPlan;
  const { failure } = await printStory(plan, print);
  print(failure ? failure.message : "Every rule held.");
  process.exitCode = failure ? 1 : 0;
}
