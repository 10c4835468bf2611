import { registerHooks } from "node:module";

const DOMAIN = new URL("../../local/functions/domain.ts", import.meta.url).href;

/**
 * Replaces Node's `domain` for functions-framework. The original hooks into every asynchronous
 * resource of the process, which would slow the whole product down here.
 */
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "domain" ? { url: DOMAIN, shortCircuit: true } : nextResolve(specifier, context),
});
