import { isEndToEnd, runJest } from "../jest.ts";
import { executedBy, NOTES_EXECUTED } from "./executed.ts";
import { Imports } from "./imports.ts";
import { SavedFiles } from "./saved-files.ts";
import { touchedBy } from "./touched.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
/** About as many test files as run in five seconds. */
const AT_ONCE = 10;
const ONE_TEST = /^(-t|--testNamePattern)/;

/**
 * Runs the tests that a saved file affects, until the process is stopped: first some of those that execute it and little
 * else, then the others that execute it, then those that may depend on it otherwise. Begins with tests of which is unknown
 * what they execute. If a file is saved meanwhile, the
 * run starts again and includes the tests that had not finished. Words in `args` select test files as they do without
 * watching, and without words end-to-end tests do not run; flags go to Jest.
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
    notes ? tests.filter((test) => isWanted(test) && !executedBy(test)) : [],
  );
  say("Waiting for a file to be saved, to run the tests that it affects. Ctrl+C stops.");
  if (unfinished.size > 0) {
    say(`Until then, to learn what they execute: ${testFiles([...unfinished])}.`);
    await run([...unfinished]);
  }
  for (;;) {
    const changed = await saved.take();
    const { first, later } = touchedBy(changed, { imports: imports.read(), executedBy });
    const [executing, others] = [first.filter(isWanted), later.filter(isWanted)];
    for (const test of [...executing, ...others]) unfinished.add(test);
    const count =
      executing.length === 1 ? "1 test file executes" : `${executing.length} test files execute`;
    say(`\n${changed.join(", ")}: ${count} it, ${others.length} more may depend on it.`);
    for (const tests of [executing.slice(0, AT_ONCE), executing, [...unfinished]]) {
      await run(tests.filter((test) => unfinished.has(test)));
    }
  }

  async function run(tests: readonly string[]): Promise<void> {
    const signal = saved.anySaved;
    if (tests.length === 0 || signal.aborted) return;
    const options = { signal, ...(notes && { environment: notes }) };
    await runJest("watch", [...flags, "--runTestsByPath", ...tests], options);
    if (!signal.aborted) for (const test of tests) unfinished.delete(test);
  }
}

function testFiles({ length }: readonly string[]): string {
  return length === 1 ? "1 test file" : `${length} test files`;
}
