import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";

/** Lets Node import a `.lua` file as its text, as the deployed bundles have it. */
registerHooks({
  load: (url, context, nextLoad) =>
    url.endsWith(".lua")
      ? {
          format: "module",
          shortCircuit: true,
          source: `export default ${JSON.stringify(readFileSync(new URL(url), "utf8"))};`,
        }
      : nextLoad(url, context),
});
