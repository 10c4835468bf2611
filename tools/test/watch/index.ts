import { isEndToEnd, runJest } from "../jest.ts";
import { callsOf } from "./calls.ts";
import { Imports } from "./imports.ts";
import { SavedFiles } from "./saved-files.ts";
import { touchedBy } from "./touched.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);

/**
 * Runs the tests that a saved file affects, until the process is stopped: first those that import it, then
 * those that call a function that imports it. If a file is saved meanwhile, the run starts again and includes the
 * tests that had not finished. Words in `args` select test files as they do without watching, and without words end-to-end
 * tests do not run; flags go to Jest.
 */
export async function watchTests(args: readonly string[]): Promise<never> {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const patterns = args.filter((arg) => !arg.startsWith("-")).map((arg) => new RegExp(arg));
  const isWanted = (test: string) =>
    patterns.length === 0 ? !isEndToEnd(test) : patterns.some((pattern) => pattern.test(test));
  const imports = new Imports();
  imports.read();
  const saved = new SavedFiles();
  const unfinished = new Set<string>();
  say("Waiting for a file to be saved, to run the tests that it affects. Ctrl+C stops.");
  for (;;) {
    const changed = await saved.take();
    const touched = touchedBy(changed, { imports: imports.read(), callsOf });
    const importing = touched.importing.filter(isWanted);
    const calling = touched.calling.filter(isWanted);
    for (const test of [...importing, ...calling]) unfinished.add(test);
    const direct = importing.length === 1 ? "1 test file" : `${importing.length} test files`;
    say(
      `\n${changed.join(", ")}: affects ${direct}, and ${calling.length} that call a function that uses it.`,
    );
    await run(importing);
    await run([...unfinished]);
  }

  async function run(tests: readonly string[]): Promise<void> {
    const signal = saved.anySaved;
    if (tests.length === 0 || signal.aborted) return;
    await runJest("watch", [...flags, "--runTestsByPath", ...tests], { signal });
    if (!signal.aborted) for (const test of tests) unfinished.delete(test);
  }
}
