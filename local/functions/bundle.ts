import { mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { depsOf, featureOf, functionNames } from "../../functions/manifest.ts";
import type { FunctionsCode } from "./code.ts";
import { INSTANCE_GLOBALS, type InstanceWorld, instanceGlobals } from "./instance-globals.ts";

type Evaluate = (module: { exports: unknown }, exports: object, ...globals: unknown[]) => void;

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCES = ["functions", "shared", "package-lock.json", "local/functions"];
const BUNDLE = ".local/functions.cjs";
/** Google's clients; unused where the emulators are called directly. */
const EXTERNAL = [
  "@google-cloud/firestore",
  "@google-cloud/pubsub",
  "@google-cloud/tasks",
  "@grpc/grpc-js",
];

/**
 * The functions' code, evaluated as often as instances need code of their own: they share no module
 * state. What one run no longer needs is taken over by the next, which saves the evaluation, and V8
 * has already compiled what is called often. Nothing of the former run may still be going on.
 */
export class CodePool {
  #free: EvaluatedCode[] = [];
  #taken = new Map<FunctionsCode, EvaluatedCode>();

  /** Code that sees this world until it is released. */
  take(world: Omit<InstanceWorld, "startedMs">): FunctionsCode {
    const given = { ...world, startedMs: world.clock.nowMs() };
    const evaluated = this.#free.shift() ?? new EvaluatedCode(given);
    evaluated.world = given;
    this.#taken.set(evaluated.code, evaluated);
    return evaluated.code;
  }

  /** Makes the code available to the next run. */
  release(code: FunctionsCode): void {
    const evaluated = this.#taken.get(code);
    if (evaluated && this.#taken.delete(code)) this.#free.push(evaluated);
  }
}

class EvaluatedCode {
  world: InstanceWorld;
  readonly code: FunctionsCode;

  constructor(world: InstanceWorld) {
    this.world = world;
    const given = instanceGlobals(() => this.world);
    const module = { exports: {} };
    evaluate()(module, module.exports, ...INSTANCE_GLOBALS.map((name) => given[name]));
    this.code = module.exports as FunctionsCode;
  }
}

/** Evaluates the bundle, which is rebuilt if its sources have changed; a process checks once. */
const evaluate = once((): Evaluate => {
  const file = join(PROJECT, BUNDLE);
  if (
    changedAtMs(file) < Math.max(...SOURCES.map((source) => changedAtMs(join(PROJECT, source))))
  ) {
    build(file);
  }
  return createRequire(import.meta.url)(file) as Evaluate;
});

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * When a file, or the newest file in a folder, was last changed; 0 if it does not exist.
 */
function changedAtMs(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  const within = readdirSync(path).map((name) => changedAtMs(join(path, name)));
  return Math.max(stats.mtimeMs, ...within);
}

function build(file: string): void {
  const { outputFiles } = buildSync({
    absWorkingDir: PROJECT,
    stdin: {
      contents: entry(),
      resolveDir: PROJECT,
      sourcefile: "functions.entry.ts",
      loader: "ts",
    },
    outfile: file,
    write: false,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node24",
    minifySyntax: true,
    sourcemap: "linked",
    sourcesContent: false,
    preserveSymlinks: true,
    external: EXTERNAL,
    // What a function loads lazily is loaded immediately here.
    supported: { "dynamic-import": false },
    loader: { ".lua": "text" },
    banner: {
      js: `module.exports = (${["module", "exports", ...INSTANCE_GLOBALS].join(", ")}) => {`,
    },
    footer: { js: "};" },
    logLevel: "warning",
  });
  mkdirSync(join(PROJECT, ".local"), { recursive: true });
  // Other processes may be reading it, so it is replaced atomically.
  for (const { path, contents } of outputFiles) {
    const made = `${path}.${process.pid}`;
    writeFileSync(made, contents);
    renameSync(made, path);
  }
}

/** The code that a function does not need is not evaluated. */
function entry(): string {
  const loaders = functionNames.map(
    (name) => `"${name}": async () => {
      const { createDeps } = await import("./${depsOf(name)}");
      const { handler } = await import("./functions/${featureOf(name)}/handlers/${name}.ts");
      return (platform, database) => handler(createDeps(platform, database));
    }`,
  );
  return `
    const loaders = { ${loaders.join(", ")} };
    export const load = (name) => loaders[name]();
    export { createFunction } from "./shared/runtime/function/create-function.ts";
    export { createLog } from "./shared/runtime/log.ts";
    export { withholdBody } from "./shared/runtime/request-body.ts";
  `;
}
