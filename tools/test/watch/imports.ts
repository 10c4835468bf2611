import { globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

interface Source {
  readonly changedAtMs: number;
  /** Paths relative to the project's folder. */
  readonly imports: readonly string[];
}

/** The folders that contain code, relative to the project's folder. */
export const SOURCE_FOLDERS = [
  "functions",
  "shared",
  "local",
  "simulation",
  "tools",
  "bench",
  "test",
];

/** A relative import or re-export of more than types, including dynamic imports. */
const IMPORT =
  /(?:^|[\s;])(?:(?:import|export)\s+(?!type\s)(?:[^'";]+\sfrom\s+)?|import\()"(\.{1,2}\/[^"]+)"/g;

/** Which file of the project imports which, parsed from their text. A file is parsed again after it has changed. */
export class Imports {
  #sources = new Map<string, Source>();
  readonly #project: string;

  constructor(project = process.cwd()) {
    this.#project = project;
  }

  /** The imports of each file at present, by its path relative to the project's folder. */
  read(): ReadonlyMap<string, readonly string[]> {
    const pattern = `{${SOURCE_FOLDERS.join(",")}}/**/*.ts`;
    const paths = globSync(pattern, { cwd: this.#project }).filter(
      (path) => !path.includes("node_modules"),
    );
    this.#sources = new Map(
      paths.flatMap((path) => {
        const source = this.#source(path);
        return source ? [[path, source]] : [];
      }),
    );
    return new Map([...this.#sources].map(([path, { imports }]) => [path, imports]));
  }

  /** Undefined if the file no longer exists. */
  #source(path: string): Source | undefined {
    const file = join(this.#project, path);
    const changedAtMs = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (changedAtMs === undefined) return undefined;
    const known = this.#sources.get(path);
    if (known?.changedAtMs === changedAtMs) return known;
    const found = readFileSync(file, "utf8").matchAll(IMPORT);
    const imports = [...found].map(([, to = ""]) => normalize(join(dirname(path), to)));
    return { changedAtMs, imports };
  }
}
