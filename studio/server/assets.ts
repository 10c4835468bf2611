import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildContext, context } from "esbuild";

const APP = fileURLToPath(new URL("../app/", import.meta.url));

/** A file that the browser loads. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The page's code and styles, bundled in memory. */
export interface Assets {
  /** The page itself, naming the newest bundle. */
  page(): Promise<string>;
  asset(name: string): Asset | undefined;
  stop(): Promise<void>;
}

/** Bundles the page now, and again whenever it is opened, so that changes of its code are seen. */
export async function openAssets(): Promise<Assets> {
  const bundler = await context({
    entryPoints: { studio: `${APP}main.tsx` },
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2023",
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    outdir: "/assets",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    loader: { ".svg": "file", ".woff2": "file" },
    write: false,
    legalComments: "none",
    logLevel: "silent",
  });
  const template = readFileSync(`${APP}page.html`, "utf8");
  let files = await bundle(bundler);
  return {
    page: async () => {
      files = await bundle(bundler);
      const named = (end: string) => [...files.keys()].find((name) => isEntry(name, end)) ?? "";
      return template.replace("STYLES", named(".css")).replace("SCRIPT", named(".js"));
    },
    asset: (name) => files.get(name),
    stop: () => bundler.dispose(),
  };
}

const isEntry = (name: string, end: string) => name.startsWith("studio-") && name.endsWith(end);

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

async function bundle(bundler: BuildContext): Promise<Map<string, Asset>> {
  const { outputFiles = [] } = await bundler.rebuild();
  return new Map(
    outputFiles.map(({ path, contents }) => {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
      return [name, { type, bytes: contents }];
    }),
  );
}
