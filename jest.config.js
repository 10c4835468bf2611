/** @type {import("jest").Config} */
export default {
  roots: ["<rootDir>/test"],
  testEnvironment: "node",
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.(ts|lua)$": "<rootDir>/test/support/transform.js" },
  testTimeout: 60_000,
  maxWorkers: 2,
};
