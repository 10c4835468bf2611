/** @type {import("jest").Config} */
export default {
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  // Node loads the modules, not Jest: docs/decisions/0025-tests-on-nodes-own-modules.md.
  runtime: "<rootDir>/test/runner/runtime.ts",
  testEnvironment: "<rootDir>/test/runner/environment.ts",
  extensionsToTreatAsEsm: [".ts"],
  injectGlobals: false,
  transform: {},
  // Only for a test that hangs: on a machine that is busy with other things all take longer.
  testTimeout: 240_000,
  maxWorkers: 3,
  // With a limit, tests run in workers always, and a worker that has grown is replaced.
  workerIdleMemoryLimit: "2GB",
};
