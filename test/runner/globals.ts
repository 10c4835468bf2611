type Globals = typeof import("@jest/globals");

const RETRY_TIMES = Symbol.for("RETRY_TIMES");
const LOG_ERRORS_BEFORE_RETRY = Symbol.for("LOG_ERRORS_BEFORE_RETRY");

/**
 * What test files import from `@jest/globals`. Modules stay loaded from one test file to the next, but Jest's test
 * framework does not: `useGlobals` points every importer at the current one.
 */
export let afterAll: Globals["afterAll"];
export let afterEach: Globals["afterEach"];
export let beforeAll: Globals["beforeAll"];
export let beforeEach: Globals["beforeEach"];
export let describe: Globals["describe"];
export let expect: Globals["expect"];
export let test: Globals["test"];

/** The only part of Jest's own object that makes sense where no module is mocked. */
export const jest = {
  retryTimes: (times: number, options?: { readonly logErrorsBeforeRetry?: boolean }): void => {
    Reflect.set(globalThis, RETRY_TIMES, times);
    Reflect.set(globalThis, LOG_ERRORS_BEFORE_RETRY, options?.logErrorsBeforeRetry);
  },
};

/** Prepares a test file with the functions of its own instance of the test framework. */
export function useGlobals(globals: Globals): void {
  ({ afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } = globals);
  Reflect.deleteProperty(globalThis, RETRY_TIMES);
  Reflect.deleteProperty(globalThis, LOG_ERRORS_BEFORE_RETRY);
}
