import { globSync } from "node:fs";
import { createRequire, enableCompileCache } from "node:module";
import { dirname, join } from "node:path";

// Shipped with each function as `compile-cache.js`. Google's build runs it once, after it has installed the libraries:
// https://cloud.google.com/docs/buildpacks/nodejs#executing_custom_build_steps_during_deployment
// It loads all that the function will, so that Node keeps what V8 compiled. What can't be loaded without the
// function's settings is compiled before it fails; what fails otherwise is compiled at each start, as without a cache.
const here = import.meta.dirname;
enableCompileCache(join(here, "compile-cache"));

const require = createRequire(import.meta.url);
const framework = dirname(require.resolve("@google-cloud/functions-framework"));
const requireThere = createRequire(join(framework, "main.js"));

const scripts = [
  // Its main.js would start the server.
  ...globSync("*.js", { cwd: framework, exclude: ["main.js"] }).map((file) =>
    join(framework, file),
  ),
  ...globSync("*.js", { cwd: here, exclude: ["compile-cache.js"] }).map((file) => join(here, file)),
];
for (const script of scripts) await import(script).catch(() => undefined);
for (const name of dependenciesOf(require("./package.json"))) await load(name, require);
for (const name of dependenciesOf(requireThere("../../package.json")))
  await load(name, requireThere);

function dependenciesOf(manifest: { readonly dependencies: object }): readonly string[] {
  return Object.keys(manifest.dependencies);
}

async function load(name: string, from: NodeJS.Require): Promise<void> {
  try {
    await import(from.resolve(name));
  } catch {
    // Types alone, for example.
  }
}
