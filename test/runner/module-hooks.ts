import { registerHooks } from "node:module";

const OURS: Readonly<Record<string, string>> = {
  "@jest/globals": new URL("globals.ts", import.meta.url).href,
  domain: new URL("../../local/functions/domain.ts", import.meta.url).href,
};

/**
 * Where tests run, `@jest/globals` is the test framework of the current test file, and functions-framework
 * receives domains that cost nothing. Node's hook into every asynchronous resource of the process, which here is
 * the whole cloud: that would take a quarter of all processor time.
 */
registerHooks({
  resolve: (specifier, context, nextResolve) => {
    const url = OURS[specifier];
    return url ? { url, shortCircuit: true } : nextResolve(specifier, context);
  },
});
