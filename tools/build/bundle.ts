import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, formatMessages, type Metafile } from "esbuild";
import type { FunctionName } from "../../functions/manifest.ts";
import { packageFiles } from "./package-files.ts";

/** One file of what is deployed; its path is inside the function's folder. */
export interface BuiltFile {
  readonly path: string;
  readonly contents: Uint8Array;
}

/** The folder of this project. */
export const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

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

/** The text a deployed function starts from: it registers the handler under the function's name. */
export function entryOf(name: FunctionName): string {
  return `
    import { handler } from "./functions/${name}/index.ts";
    import { manifest } from "./functions/manifest.ts";
    import { serve } from "./shared/runtime/serve.ts";
    serve("${name}", manifest["${name}"], handler);
  `;
}

/**
 * Bundles an entry's text with a package of its own, sorted by path: one file to start from, and
 * apart from it what is loaded only when needed. The same sources give the same bytes, in whichever
 * folder `root` they lie. Throws on a warning as on an error: what is imported in vain is a defect.
 */
export async function bundle(
  name: string,
  entry: string,
  root = PROJECT,
): Promise<readonly BuiltFile[]> {
  const folder = `dist/${name}`;
  const { outputFiles, metafile, warnings } = await build({
    absWorkingDir: root,
    stdin: { contents: entry, resolveDir: root, sourcefile: `${name}.entry.ts`, loader: "ts" },
    outdir: folder,
    entryNames: "index",
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: true,
    // The maps name places; the texts would make each start read five times as much.
    sourcesContent: false,
    // The maps say where a library's file lies in the project, wherever that folder links to.
    preserveSymlinks: true,
    external: EXTERNAL,
    loader: { ".lua": "text" },
    // What is bundled as CommonJS asks for Node's own modules by `require`.
    banner: {
      js: 'import { createRequire as c500Require } from "node:module"; const require = c500Require(import.meta.url);',
    },
    logLevel: "silent",
  });
  if (warnings.length > 0) {
    const texts = await formatMessages(warnings, { kind: "warning" });
    throw new Error(`${name} is not built with warnings:\n${texts.join("")}`);
  }
  const bundled = outputFiles.map(({ path, contents }) => ({
    path: relative(`${root}/${folder}`, path),
    contents,
  }));
  const files = [...bundled, ...packageFiles(name, librariesOf(metafile), root)];
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** The libraries that the bundle asks for at run time. */
function librariesOf({ outputs }: Metafile): string[] {
  const imported = Object.values(outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external ? [path] : [])),
  );
  return EXTERNAL.filter((library) => imported.includes(library));
}
