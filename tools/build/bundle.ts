import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, formatMessages, type Metafile, transformSync } from "esbuild";
import { depsOf, type FunctionName, featureOf, manifest } from "../../functions/manifest.ts";
import { checkStart } from "./check-start.ts";
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

/**
 * What functions-framework loads. Errors name the lines of the sources from here on; the maps of
 * libraries stay unread, because reading them all makes a start longer by an eighth.
 * https://nodejs.org/api/module.html#modulesetsourcemapssupportenabled-options
 */
const START: BuiltFile = {
  path: "index.js",
  contents: Buffer.from(`import { setSourceMapsSupport } from "node:module";
setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
await import("./function.js");
`),
};

/** What Google's build runs once, so that no start compiles what it loads. */
function fillCompileCache(): BuiltFile {
  const source = readFileSync(new URL("fill-compile-cache.ts", import.meta.url), "utf8");
  const { code } = transformSync(source, { loader: "ts", target: "node24" });
  return { path: "compile-cache.js", contents: Buffer.from(code) };
}

/** The text a deployed function is made from: it gives the handler its
 * dependencies, and registers it under the function's name. Nothing else is imported. */
export function entryOf(name: FunctionName): string {
  const feature = featureOf(name);
  return `
    import { createDeps } from "./${depsOf(name)}";
    import { handler } from "./functions/${feature}/handlers/${name}.ts";
    import { serve } from "./shared/runtime/function/serve.ts";
    const row = ${JSON.stringify(manifest[name])};
    serve("${name}", row, (platform, database) => handler(createDeps(platform, database)));
  `;
}

/**
 * Bundles an entry's text with a package of its own, sorted by path: one file that is always loaded,
 * and apart from it what is loaded only when needed. The same sources give the same bytes, in whichever
 * folder `root` they lie. Throws on a warning as on an error: what is imported in vain is a defect, and
 * so is a library that is loaded too early (see `checkStart`).
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
    entryNames: "function",
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
    // A trace needs the places alone; a start would read the texts as well.
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
  checkStart(name, metafile);
  const bundled = outputFiles.map(({ path, contents }) => ({
    path: relative(`${root}/${folder}`, path),
    contents,
  }));
  const files = [
    START,
    fillCompileCache(),
    ...bundled,
    ...packageFiles(name, librariesOf(metafile), root),
  ];
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** The libraries that the bundle asks for at run time. */
function librariesOf({ outputs }: Metafile): string[] {
  const imported = Object.values(outputs).flatMap(({ imports }) =>
    imports.flatMap(({ path, external }) => (external ? [path] : [])),
  );
  return EXTERNAL.filter((library) =>
    imported.some((path) => path === library || path.startsWith(`${library}/`)),
  );
}
