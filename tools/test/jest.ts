import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "../run.ts";

const RESULTS = ".local/test-results";

/** End-to-end tests need a browser, another program or sockets; test/gates/end-to-end.test.ts checks their names. */
const END_TO_END = "\\.e2e\\.test\\.ts$";
const endToEnd = new RegExp(END_TO_END);
export const isEndToEnd = (path: string): boolean => endToEnd.test(path);
/** Comes after the words that select files, since Jest takes what follows as further patterns. */
export const END_TO_END_ONLY = ["--testMatch=**/*.e2e.test.ts"];
export const IN_PROCESS_ONLY = ["--testPathIgnorePatterns", END_TO_END];

/** The counts of a Jest run, from its JSON result. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Runs Jest on the tests that `args` select. A suite that could not run at all counts as one failure, and
 * so does a run that ends badly without a failure. The signal ends the run.
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
  // A large young generation saves a twenty-fifth of the processor time.
  const flags = ["--import", "./tools/lua-modules.ts", "--max-semi-space-size=32"];
  // A missing snapshot fails the test instead of being written.
  const jest = ["node_modules/jest/bin/jest.js", "--ci", "--json", `--outputFile=${resultFile}`];
  // Otherwise Google's clients would look for a metadata server on the network.
  const variables = {
    METADATA_SERVER_DETECTION: "none",
    // Each worker loads the whole product. With the compile cache, code that one has compiled is reused by the
    // other workers, the programs that tests start, and the next run.
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
