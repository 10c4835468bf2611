import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BuildContext, type BuildFailure, context, formatMessages } from "esbuild";

const APP = fileURLToPath(new URL("../app/", import.meta.url));

/** A file that the browser loads. */
export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The page's code and styles, bundled in memory. */
export interface Assets {
  /** The page itself. It shows its frame at once, while its code is bundled anew. */
  page(): Promise<string>;
  /** Waits for the bundle of the page that was opened last. */
  asset(name: string): Promise<Asset | undefined>;
  stop(): Promise<void>;
}

type Files = ReadonlyMap<string, Asset>;

/** Styles of the page's frame, which are not bundled so that the page is drawn before its code is there. */
const FRAME_STYLES: ReadonlyMap<string, string> = new Map([
  ["theme.css", `${APP}ui/theme.css`],
  ["shell.css", `${APP}shell/shell.css`],
]);

/** Bundles the page now, and again whenever it is opened, so that changes of its code are seen. */
export async function openAssets(): Promise<Assets> {
  const bundler = await context({
    entryPoints: { studio: `${APP}main.tsx` },
    bundle: true,
    format: "esm",
    target: "es2023",
    minify: true,
    jsx: "automatic",
    jsxImportSource: "preact",
    outdir: "/assets",
    entryNames: "[name]",
    write: false,
    legalComments: "none",
    logLevel: "silent",
  });
  let files = bundle(bundler);
  return {
    page: async () => {
      files = bundle(bundler);
      return readFile(`${APP}page.html`, "utf8");
    },
    asset: async (name) => {
      const path = FRAME_STYLES.get(name);
      return path ? { type: "text/css", bytes: await readFile(path) } : (await files).get(name);
    },
    stop: () => bundler.dispose(),
  };
}

const TYPES: Readonly<Record<string, string>> = { js: "text/javascript", css: "text/css" };

async function bundle(bundler: BuildContext): Promise<Files> {
  try {
    const { outputFiles = [] } = await bundler.rebuild();
    return new Map(
      outputFiles.map(({ path, contents }) => {
        const name = path.slice(path.lastIndexOf("/") + 1);
        const type = TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream";
        return [name, { type, bytes: contents }];
      }),
    );
  } catch (error) {
    const { errors = [] } = error as Partial<BuildFailure>;
    const lines = await formatMessages([...errors], { kind: "error" });
    return explaining(`The studio's code cannot be bundled.\n${lines.join("\n") || error}`);
  }
}

/** Files that only show a text. */
function explaining(text: string): Files {
  const code = `const shown = document.createElement("pre");
shown.textContent = ${JSON.stringify(text)};
document.getElementById("page").replaceChildren(shown);`;
  return new Map([
    ["studio.js", { type: "text/javascript", bytes: Buffer.from(code) }],
    ["studio.css", { type: "text/css", bytes: Buffer.from("") }],
  ]);
}
