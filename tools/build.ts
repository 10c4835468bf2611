import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { build } from "esbuild";
import type { FunctionName } from "../functions/manifest.ts";

/**
 * Stays outside the bundle: bundled, Google's clients miss the JSON files they read at run time and
 * the framework never sees the function.
 */
const EXTERNAL = [
  "@google-cloud/firestore",
  "@google-cloud/functions-framework",
  "@google-cloud/pubsub",
  "@google-cloud/tasks",
  "@grpc/grpc-js",
];

/** Bundles a function into `dist/<name>/` as it is deployed. Gives the folder. */
export function buildFunction(name: FunctionName): Promise<string> {
  return bundle(name, entryOf(name));
}

/**
 * Bundles an entry's text into `dist/<name>/` with a package of its own: one file to start from,
 * and apart from it what is loaded only when needed.
 */
export async function bundle(name: string, entry: string): Promise<string> {
  const folder = `dist/${name}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    stdin: { contents: entry, resolveDir: ".", sourcefile: `${name}.entry.ts`, loader: "ts" },
    outdir: folder,
    entryNames: "index",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    external: EXTERNAL,
    loader: { ".lua": "text" },
    // What is bundled as CommonJS asks for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as c500Require } from "node:module"; const require = c500Require(import.meta.url);',
    },
    logLevel: "warning",
  });
  writeFileSync(`${folder}/package.json`, `${JSON.stringify(packageOf(name), null, 2)}\n`);
  return folder;
}

function entryOf(name: FunctionName): string {
  return `
    import { handler } from "./functions/${name}/index.ts";
    import { manifest } from "./functions/manifest.ts";
    import { serve } from "./shared/runtime/serve.ts";
    serve("${name}", manifest["${name}"], handler);
  `;
}

function packageOf(name: string) {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  return {
    name,
    private: true,
    type: "module",
    main: "index.js",
    dependencies: Object.fromEntries(EXTERNAL.map((library) => [library, dependencies[library]])),
  };
}
