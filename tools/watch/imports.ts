import { globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

interface Source {
  readonly changedAtMs: number;
  /** Paths from the project's folder. */
  readonly imports: readonly string[];
}

/** What code is in, from the project's folder. */
export const SOURCE_FOLDERS = [
  "functions",
  "shared",
  "local",
  "simulation",
  "tools",
  "bench",
  "test",
];

/** A relative import or re-export of more than types, also a late one. */
const IMPORT =
  /(?:^|[\s;])(?:(?:import|export)\s+(?!type\s)(?:[^'";]+\sfrom\s+)?|import\()"(\.{1,2}\/[^"]+)"/g;

/** Which file of the project imports which, read from their texts: a file again once it has changed. */
export class Imports {
  #sources = new Map<string, Source>();
  readonly #project: string;

  constructor(project = process.cwd()) {
    this.#project = project;
  }

  /** The imports of each file as they are now, by its path from the project's folder. */
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

  /** Undefined where the file is gone by now. */
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
