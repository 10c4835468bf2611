import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readTyped, UsageError } from "../cli/command-line.ts";
import { devCommand, MUTATIONS } from "../cli/commands.ts";
import { draw, placesOf } from "./draw.ts";
import type { Equivalent, Mutation } from "./place.ts";
import { Scratch } from "./scratch.ts";
import { subjectFiles, testsOf } from "./subjects.ts";
import { type Outcome, runTests, type TestRun } from "./tests.ts";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url)).replace(/\/$/, "");
/** Test processes that run at the same time. */
const PROCESSES = 2;
/** The percentage of mutations that the tests must detect. */
const AIM = 95;

interface Result {
  readonly mutation: Mutation;
  readonly outcome: Outcome;
  readonly failedFile: string | undefined;
}

/** A test fails without a mutation, so it proves nothing about one. */
class FailingTestError extends Error {
  override name = "FailingTestError";
}

const { texts, words } = readTyped(devCommand("mutate"), process.argv.slice(2));
const stop = new AbortController();
const scratches: Scratch[] = [];
/** Test files that have passed without a mutation. */
const passing = new Set<string>();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stop.abort());

try {
  await check();
} catch (error) {
  if (!(error instanceof FailingTestError)) throw error;
  stop.abort();
  fail(error.message);
} finally {
  for (const scratch of scratches) scratch.remove();
}

async function check(): Promise<void> {
  const seed = number("seed", Math.floor(Math.random() * 2 ** 31));
  const count = number("count", MUTATIONS);
  const files = filesNamed();
  const places = placesOf(files, PROJECT);
  const mutations = draw(places, { count, seed, project: PROJECT }, equivalents());
  const startedMs = performance.now();
  say(
    `Seed ${seed}: ${mutations.length} mutations of ${places.length} places in ${files.length} files.`,
  );
  for (let process = 0; process < PROCESSES; process += 1) {
    scratches.push(new Scratch(PROJECT, `${seed}-${process}`));
  }
  const results = await tryAll(mutations);
  if (stop.signal.aborted) return fail("Stopped.");
  report(results, (performance.now() - startedMs) / 1000);
}

async function tryAll(mutations: readonly Mutation[]): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...mutations];
  const work = async (scratch: Scratch) => {
    for (let next = left.shift(); next && !stop.signal.aborted; next = left.shift()) {
      const result = await tryOne(next, scratch);
      if (stop.signal.aborted) return;
      results.push(result);
      const { file, line } = next;
      const by = result.outcome === "failed" ? `by ${result.failedFile}` : `: it ${result.outcome}`;
      const word = result.outcome === "passed" ? "NOT NOTICED" : `noticed ${by}`;
      say(`${results.length}/${mutations.length} ${file}:${line} ${word}`);
      if (result.outcome === "passed") say(diffOf(next));
    }
  };
  await Promise.all(scratches.map(work));
  return results;
}

async function tryOne(mutation: Mutation, scratch: Scratch): Promise<Result> {
  const { file, content } = mutation;
  scratch.change(file, content);
  const run = await runTests(scratch, testsOf(file, PROJECT), PROJECT, stop.signal);
  scratch.restore(file);
  const { outcome, failedFile } = run;
  if (outcome === "failed") await passUnchanged(failedFile, scratch, run);
  return { mutation, outcome, failedFile };
}

/** Checks that the test that detected a mutation passes without it. Throws FailingTestError otherwise. */
async function passUnchanged(
  testFile: string | undefined,
  scratch: Scratch,
  { output }: TestRun,
): Promise<void> {
  if (stop.signal.aborted) return;
  if (testFile === undefined) throw new FailingTestError(`No test could be run:\n${output}`);
  if (passing.has(testFile)) return;
  const unchanged = await runTests(scratch, [testFile], PROJECT, stop.signal);
  if (stop.signal.aborted) return;
  if (unchanged.outcome !== "passed") {
    throw new FailingTestError(`${testFile} fails without a mutation:\n${unchanged.output}`);
  }
  passing.add(testFile);
}

function report(results: readonly Result[], seconds: number): void {
  const survivors = results.filter(({ outcome }) => outcome === "passed");
  const ended = results.filter(({ outcome }) => outcome === "hung" || outcome === "crashed").length;
  const noticed = results.length - survivors.length;
  const percent = (100 * noticed) / Math.max(1, results.length);
  const share = `${noticed} of ${results.length} noticed (${percent.toFixed(1)} %)`;
  say(
    `\n${share}, ${ended} of them because the tests hung or the process crashed, in ${seconds.toFixed(0)} s.`,
  );
  for (const { mutation } of survivors) {
    say(`\n${mutation.file}:${mutation.line}\n${diffOf(mutation)}`);
  }
  if (percent < AIM) fail(`\nAt least ${AIM} % should be noticed.`);
}

function diffOf({ before, after }: Mutation): string {
  const lines = (sign: string, text: string) => text.split("\n").map((line) => `  ${sign} ${line}`);
  return [...lines("-", before), ...lines("+", after)].join("\n");
}

function filesNamed(): string[] {
  const all = subjectFiles(PROJECT);
  if (words.length === 0) return all;
  const named = words.map((word) => relative(PROJECT, word));
  const files = all.filter((file) => named.some((name) => file.startsWith(name)));
  if (files.length > 0) return files;
  throw new UsageError(`None of these files is subject to mutation: ${words.join(", ")}.`);
}

function equivalents(): Equivalent[] {
  return JSON.parse(readFileSync(new URL("equivalent.json", import.meta.url), "utf8"));
}

function number(flag: string, otherwise: number): number {
  const typed = texts[flag];
  const value = typed === undefined ? otherwise : Number(typed);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`--${flag} takes a whole number, not "${typed}".`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(line: string): void {
  process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}
