import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "./run.ts";

const RESULTS = ".local/test-results";

/** What a run of Jest counted, from its own JSON result. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs Jest on the tests that `args` choose. A suite that could not run at all counts as one
 * failure; so does a run that ended badly without any. The signal ends it.
 */
export async function runJest(
  name: string,
  args: readonly string[],
  {
    environment,
    signal,
  }: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  } = {},
): Promise<TestCount> {
  mkdirSync(RESULTS, { recursive: true });
  const resultFile = `${RESULTS}/${name}.json`;
  rmSync(resultFile, { force: true });
  const flags = ["--import", "./tools/lua-modules.ts"];
  // A recorded reading that is missing fails, and is not written by the way.
  const jest = ["node_modules/jest/bin/jest.js", "--ci", "--json", `--outputFile=${resultFile}`];
  // Google's clients would look for a metadata server on the network.
  const variables = {
    METADATA_SERVER_DETECTION: "none",
    // Each worker loads all of the product; what the first has compiled, the others,
    // the programs that tests start and the next run have.
    NODE_COMPILE_CACHE: resolve(".local/compile-cache"),
    ...environment,
  };
  const code = await run(process.execPath, [...flags, ...jest, ...args], variables, signal);
  const count = readCount(resultFile);
  return code !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
}

function readCount(file: string): TestCount {
  try {
    const result = JSON.parse(readFileSync(file, "utf8"));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return { passed: result.numPassedTests, failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
