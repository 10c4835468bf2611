import { functionNames } from "../../functions/manifest.ts";
import { CodePool } from "../../local/functions/bundle.ts";
import { LocalClock } from "../../local/kit/clock.ts";
import { environment } from "../../local/kit/environment.ts";
import { NOTES_EXECUTED } from "../../tools/test/watch/executed.ts";
import { CalledFiles } from "./called-files.ts";

const starting: { started?: Promise<CalledFiles> } = {};

/** Of this worker; undefined unless its test run notes what each test file executes. */
export async function calledFiles(): Promise<CalledFiles | undefined> {
  if (!environment[NOTES_EXECUTED]) return undefined;
  starting.started ??= startNoting();
  return starting.started;
}

/** Clouds load a function's modules when it is first called; what that runs is no test's own doing. */
async function startNoting(): Promise<CalledFiles> {
  const called = new CalledFiles();
  const world = { clock: new LocalClock(), fetch, random: Math.random };
  const code = new CodePool().take(world);
  for (const name of functionNames) await code.load(name);
  called.ignore();
  return called;
}
