import { isEndToEnd, runJest } from "../jest.ts";
import { NOTES_EXECUTED, notedRun } from "./executed.ts";
import { Imports } from "./imports.ts";
import { SavedFiles } from "./saved-files.ts";
import { touchedBy } from "./touched.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
/** What the first test files may take together, in milliseconds of processor time, so that they end within five seconds. */
const FIRST_MS = 1500;
/** One worker loads the product sooner than several that share the processors. */
const ONE_WORKER = "--maxWorkers=1";
const ONE_TEST = /^(-t|--testNamePattern)/;

/**
 * Runs the tests that a saved file affects, until the process is stopped: first of those that execute it and little else
 * as many as end within five seconds, then the others that execute it, then those that may depend on it otherwise. Begins
 * with tests of which is unknown what they execute. If a file is saved meanwhile, the run starts again and includes the
 * tests that had not finished. Words in `args` select test files as they do without watching, and without words end-to-end
 * tests do not run; flags go to Jest.
 */
export async function watchTests(args: readonly string[]): Promise<never> {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const patterns = args.filter((arg) => !arg.startsWith("-")).map((arg) => new RegExp(arg));
  const isWanted = (test: string) =>
    patterns.length === 0 ? !isEndToEnd(test) : patterns.some((pattern) => pattern.test(test));
  // Some tests of a file alone say nothing about the others.
  const notes = flags.some((flag) => ONE_TEST.test(flag)) ? undefined : { [NOTES_EXECUTED]: "yes" };
  const imports = new Imports();
  const tests = [...imports.read().keys()].filter((path) => path.endsWith(".test.ts"));
  const saved = new SavedFiles();
  const unfinished = new Set(
    notes ? tests.filter((test) => isWanted(test) && !notedRun(test)) : [],
  );
  say("Waiting for a file to be saved, to run the tests that it affects. Ctrl+C stops.");
  if (unfinished.size > 0) {
    say(`Until then, to learn what they execute: ${testFiles([...unfinished])}.`);
    await run([...unfinished]);
  }
  for (;;) {
    const changed = await saved.take();
    const { first, later } = touchedBy(changed, { imports: imports.read(), runOf: notedRun });
    const [executing, others] = [first.filter(isWanted), later.filter(isWanted)];
    for (const test of [...executing, ...others]) unfinished.add(test);
    const count =
      executing.length === 1 ? "1 test file executes" : `${executing.length} test files execute`;
    say(`\n${changed.join(", ")}: ${count} it, ${others.length} more may depend on it.`);
    await run(firstOf(executing), [ONE_WORKER]);
    for (const tests of [executing, [...unfinished]]) {
      await run(tests.filter((test) => unfinished.has(test)));
    }
  }

  async function run(tests: readonly string[], more: readonly string[] = []): Promise<void> {
    const signal = saved.anySaved;
    if (tests.length === 0 || signal.aborted) return;
    const options = { signal, ...(notes && { environment: notes }) };
    await runJest("watch", [...flags, ...more, "--runTestsByPath", ...tests], options);
    if (!signal.aborted) for (const test of tests) unfinished.delete(test);
  }
}

/** Of the test files the first that together run at once; if none is short enough, only the first one. */
function firstOf(tests: readonly string[]): readonly string[] {
  let leftMs = FIRST_MS;
  const short = tests.filter((test) => {
    const ms = notedRun(test)?.ms ?? FIRST_MS;
    if (ms > leftMs) return false;
    leftMs -= ms;
    return true;
  });
  return short.length > 0 ? short : tests.slice(0, 1);
}

function testFiles({ length }: readonly string[]): string {
  return length === 1 ? "1 test file" : `${length} test files`;
}
