/** What is known about the tests: who imports what, and which functions each test called in its last run. */
export interface Knowledge {
  /** For each path, the paths that the file imports. */
  readonly imports: ReadonlyMap<string, readonly string[]>;
  /** The functions that a test file called; undefined if it has not run yet. */
  readonly callsOf: (testFile: string) => readonly string[] | undefined;
}

/** The test files that a change can affect, each in one of the two lists, sorted. */
export interface Touched {
  /** They import a changed file, directly or through others. */
  readonly importing: readonly string[];
  /** They called a function that imports one. A test of the local cloud that has not run yet may call any. */
  readonly calling: readonly string[];
}

/** Every test of the functions imports this file, which loads functions by name, so no import shows them. */
const CLOUD = "local/cloud/cloud.ts";
const FUNCTION = /^functions\/[^/]+\/handlers\/([^/]+)\.ts$/;

/** Finds the test files that a change of these files can affect. */
export function touchedBy(changed: Iterable<string>, { imports, callsOf }: Knowledge): Touched {
  const importers = importersOf(imports);
  const reached = reach(changed, importers);
  const onCloud = reach([CLOUD], importers);
  const functions = [...reached].flatMap((path) => FUNCTION.exec(path)?.[1] ?? []);
  const tests = [...imports.keys()].filter((path) => path.endsWith(".test.ts")).toSorted();
  const calls = (test: string) =>
    onCloud.has(test) && functions.some((name) => callsOf(test)?.includes(name) ?? true);
  return {
    importing: tests.filter((test) => reached.has(test)),
    calling: tests.filter((test) => !reached.has(test) && calls(test)),
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
