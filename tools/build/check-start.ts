import { isBuiltin } from "node:module";
import type { Metafile } from "esbuild";

/** What a function may load before its first request: each is small, or nothing is answered without it. */
const AT_START: ReadonlySet<string> = new Set([
  "@google-cloud/functions-framework",
  "@remix-run/html-template",
  "discord-interactions",
  "zod",
]);

/**
 * Throws when a bundle loads any other library together with its entry; the message names it and the
 * files that import it. Such a library belongs where it is first used: one of Google's alone makes a
 * start more than twice as long.
 */
export function checkStart(name: string, metafile: Metafile): void {
  const scripts = loadedAtStart(metafile);
  const libraries = new Set(scripts.flatMap((script) => librariesIn(script, metafile)));
  const problems = [...libraries]
    .filter((library) => !AT_START.has(library))
    .map((library) => `  ${library}, for ${importersOf(library, scripts, metafile).join(", ")}`);
  if (problems.length === 0) return;
  const what = `${name} would load at its start what belongs to its first use, in an import():`;
  throw new Error([what, ...problems].join("\n"));
}

/** The entry's script and every other that is loaded with it. */
function loadedAtStart({ outputs }: Metafile): readonly string[] {
  const scripts = new Set(Object.keys(outputs).filter((path) => path.endsWith("/function.js")));
  // What is added while it goes on is looked at as well.
  for (const script of scripts) {
    for (const { path, kind, external } of outputs[script]?.imports ?? []) {
      if (kind !== "dynamic-import" && !external) scripts.add(path);
    }
  }
  return [...scripts];
}

/** The libraries that a script holds or imports as it is loaded. */
function librariesIn(script: string, { outputs }: Metafile): readonly string[] {
  const { inputs = {}, imports = [] } = outputs[script] ?? {};
  const held = Object.keys(inputs).filter((file) => (inputs[file]?.bytesInOutput ?? 0) > 0);
  const outside = imports.filter(({ external }) => external);
  return [...held.map((path) => ({ path })), ...outside].flatMap((one) => libraryOf(one) ?? []);
}

/** The files in these scripts that import a library as they are loaded. */
function importersOf(
  library: string,
  scripts: readonly string[],
  { inputs, outputs }: Metafile,
): readonly string[] {
  const files = scripts.flatMap((script) => Object.keys(outputs[script]?.inputs ?? {}));
  return files.filter(
    (file) =>
      libraryOf({ path: file }) !== library &&
      inputs[file]?.imports.some((one) => libraryOf(one) === library),
  );
}

/** Where a file or an import is. */
interface Place {
  readonly path: string;
  readonly kind?: string;
  readonly external?: boolean;
}

/** The library of a file, or of an import that comes with its script; undefined for ours and Node's. */
function libraryOf({ path, kind, external }: Place): string | undefined {
  if (kind === "dynamic-import" || isBuiltin(path)) return undefined;
  const [, inside] = path.split("node_modules/", 2);
  return PACKAGE.exec(inside ?? (external ? path : ""))?.[0];
}

/** https://docs.npmjs.com/cli/configuring-npm/package-json#name */
const PACKAGE = /^(?:@[^/]+\/)?[^/]+/;
