import shared from "../../jest.config.js";

// With a limit Jest would start workers, and start them again when they end.
const { workerIdleMemoryLimit: _, ...config } = shared;

/** @type {import("jest").Config} */
export default {
  ...config,
  rootDir: "../..",
  testEnvironment: "<rootDir>/tools/mutate/environment.ts",
  testSequencer: "<rootDir>/tools/mutate/sequencer.ts",
};
