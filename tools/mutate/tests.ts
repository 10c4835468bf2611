import { spawn } from "node:child_process";
import { join } from "node:path";
import { environment } from "../../local/kit/environment.ts";
import type { Scratch } from "./scratch.ts";

/** No test takes this long, even on a busy machine: one that does hangs. */
const SILENCE_MS = 90_000;

/**
 * The outcome of running tests. `hung`: no test ended for a long time. `crashed`: something outside ended the
 * process, such as a lack of memory.
 */
export type Outcome = "passed" | "failed" | "hung" | "crashed";

/** The result of running tests. */
export interface TestRun {
  readonly outcome: Outcome;
  /** The first test file that failed, relative to the project's folder. */
  readonly failedFile: string | undefined;
  /** Everything that was printed. */
  readonly output: string;
}

/** Printed by the environment for a failed test, and by Jest for a file that could not be loaded. */
const FAILED = /^FAIL (\S+)/m;

/** Runs test files of a copy in one process, one after the other, up to the first test that fails. */
export function runTests(
  { folder }: Scratch,
  tests: readonly string[],
  project: string,
  signal: AbortSignal,
): Promise<TestRun> {
  const args = ["--import", "./tools/lua-modules.ts", "node_modules/jest/bin/jest.js"];
  const flags = ["--ci", "--bail=1", "--runInBand", "--config", "tools/mutate/jest.config.js"];
  const variables = {
    METADATA_SERVER_DETECTION: "none",
    NODE_COMPILE_CACHE: join(project, ".local/compile-cache"),
    ...environment,
  };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args, ...flags, "--runTestsByPath", ...tests], {
      cwd: folder,
      env: variables,
      detached: true,
    });
    let outcome: Outcome | undefined;
    let output = "";
    const end = () => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    };
    const hang = () => {
      outcome = "hung";
      end();
    };
    let timer = setTimeout(hang, SILENCE_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        clearTimeout(timer);
        timer = setTimeout(hang, SILENCE_MS);
      });
    }
    signal.addEventListener("abort", end, { once: true });
    child.once("error", reject);
    child.once("close", (code, ended) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      const failedFile = FAILED.exec(output)?.[1]?.replace(`${folder}/`, "");
      outcome ??= ended ? "crashed" : code === 0 ? "passed" : "failed";
      resolve({ outcome, failedFile, output });
    });
  });
}
