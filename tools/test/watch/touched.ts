import type { NotedRun } from "./executed.ts";

/** What is known about the tests: who imports what, and what each test file executed in its last run. */
export interface Knowledge {
  /** For each path, the paths that the file imports. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** The last run of a test file, if it is known. */
  readonly runOf: (testFile: string) => Pick<NotedRun, "files"> | undefined;
}

/** The test files that a change can affect, each in one of the two lists. */
export interface Touched {
  /**
   * They are changed, import a changed file themselves, or called its functions in their last run. Those that called
   * functions of the fewest files come first.
   */
  readonly first: readonly string[];
  /** They import a changed file through others, or start a cloud whose functions do. */
  readonly later: readonly string[];
}

/** Every test of the functions imports this file, which loads functions by name, so no import shows them. */
const CLOUD = "local/cloud/cloud.ts";
const FUNCTION = /^functions\/[^/]+\/handlers\/[^/]+\.ts$/;

/** Finds the test files that a change of these files can affect. */
export function touchedBy(changed: readonly string[], { imports, runOf }: Knowledge): Touched {
  const importers = importersOf(imports);
  const reached = reach(changed, importers);
  const runsOnCloud = [...reached].some((path) => FUNCTION.test(path));
  const onCloud = runsOnCloud ? reach([CLOUD], importers) : new Set<string>();
  const tests = [...imports.keys()].filter((path) => path.endsWith(".test.ts")).toSorted();
  const runs = new Map(tests.map((test) => [test, new Set(runOf(test)?.files)]));
  const isRun = (path: string) => tests.some((test) => runs.get(test)?.has(path));
  // No test calls a file of constants, or a script: its importers use it.
  const used = changed.flatMap((path) => (isRun(path) ? [path] : (importers.get(path) ?? [])));
  const isFirst = (test: string) =>
    [test, ...(imports.get(test) ?? [])].some((path) => changed.includes(path)) ||
    used.some((path) => runs.get(test)?.has(path));
  const filesIn = (test: string) => runs.get(test)?.size ?? 0;
  const touched = tests.filter((test) => reached.has(test) || onCloud.has(test));
  return {
    first: touched.filter(isFirst).toSorted((one, other) => filesIn(one) - filesIn(other)),
    later: touched.filter((test) => !isFirst(test)),
  };
}

function importersOf(imports: Knowledge["imports"]): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const [path, targets] of imports) {
    for (const target of targets) {
      const known = importers.get(target);
      if (known) known.push(path);
      else importers.set(target, [path]);
    }
  }
  return importers;
}

/** The files themselves, and all files that import them directly or through others. */
function reach(from: Iterable<string>, importers: ReadonlyMap<string, readonly string[]>) {
  const reached = new Set(from);
  // A for-of loop over a set also visits elements that are added meanwhile.
  for (const path of reached) {
    for (const importer of importers.get(path) ?? []) reached.add(importer);
  }
  return reached;
}
