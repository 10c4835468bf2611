import { registerHooks } from "node:module";

const GLOBALS = new URL("globals.ts", import.meta.url).href;
const NO_DOMAIN = new URL("no-domain.ts", import.meta.url).href;

/**
 * Only where tests run, `@jest/globals` is the test framework of the current test file, and
 * functions-framework gets domains that cost nothing. Node's own hook into every asynchronous
 * resource of the process, which here is the whole cloud: a quarter of all processor time, for the
 * sake of errors that no promise holds. Those fail the test instead of the one request.
 */
registerHooks({
  resolve: (specifier, context, nextResolve) => {
    if (specifier === "@jest/globals") return { url: GLOBALS, shortCircuit: true };
    if (specifier === "domain") return { url: NO_DOMAIN, shortCircuit: true };
    return nextResolve(specifier, context);
  },
});
