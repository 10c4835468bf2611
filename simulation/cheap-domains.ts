import { registerHooks } from "node:module";

const DOMAIN = new URL("../local/functions/domain.ts", import.meta.url).href;

/**
 * Gives functions-framework domains that cost nothing: those of Node hook into every asynchronous resource of the
 * process, which here is the whole business.
 */
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    specifier === "domain" ? { url: DOMAIN, shortCircuit: true } : nextResolve(specifier, context),
});
