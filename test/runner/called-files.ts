import { readFileSync } from "node:fs";
import { type Profiler, Session } from "node:inspector";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** How the bundle of the functions names each source file, before its code. */
const BUNDLED = /^\/\/ (\S+\.\w+)$/gm;
const OURS = /^(?:functions|shared|local|simulation|tools|bench|test)\//;

interface Part {
  readonly file: string;
  readonly start: number;
}

/**
 * Finds out in which files of the project functions are called, by V8's precise coverage. The code runs a quarter
 * slower meanwhile.
 */
export class CalledFiles {
  readonly #session = new Session();
  readonly #bundles = new Map<string, readonly Part[]>();
  readonly #ignored = new Set<string>();

  constructor() {
    this.#session.connect();
    this.#session.post("Profiler.enable");
    this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  }

  /** From now on, functions do not count that were called since the last time. */
  ignore(): void {
    for (const { key } of this.#called()) this.#ignored.add(key);
  }

  /** The files with functions called since the last time, by their paths in the project. */
  take(): ReadonlySet<string> {
    const counted = this.#called().filter(({ key }) => !this.#ignored.has(key));
    return new Set(counted.map(({ file }) => file));
  }

  #called(): { readonly key: string; readonly file: string }[] {
    let scripts: readonly Profiler.ScriptCoverage[] = [];
    this.#session.post("Profiler.takePreciseCoverage", (error, { result }) => {
      if (error) throw error;
      scripts = result;
    });
    return scripts.flatMap(({ url, functions }) => {
      const parts = this.#partsOf(url);
      if (parts.length === 0) return [];
      return functions.flatMap(({ functionName, ranges: [range] }) => {
        // The script itself begins at 0; what loads a bundled file is named by its path.
        if (!range?.count || range.startOffset === 0 || functionName.includes("/")) return [];
        const { file = "" } = parts.findLast(({ start }) => start < range.startOffset) ?? {};
        return OURS.test(file) ? [{ key: `${url}:${range.startOffset}`, file }] : [];
      });
    });
  }

  /** The source files in a script; none of a script that is not the project's. */
  #partsOf(url: string): readonly Part[] {
    const known = this.#bundles.get(url);
    if (known) return known;
    const path = url.startsWith("file:") ? fileURLToPath(url) : url;
    const file = relative(process.cwd(), path);
    const parts = file === ".local/functions.cjs" ? bundledIn(path) : [{ file, start: 0 }];
    const ours = parts.filter((part) => OURS.test(part.file) || parts.length > 1);
    this.#bundles.set(url, ours);
    return ours;
  }
}

function bundledIn(path: string): Part[] {
  const found = readFileSync(path, "utf8").matchAll(BUNDLED);
  return [...found].map(({ index, 1: file = "" }) => ({ file, start: index }));
}
