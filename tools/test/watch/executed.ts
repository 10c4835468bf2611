import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const FOLDER = ".local/test-runs";

/** Set for test runs that note which files they executed. */
export const NOTES_EXECUTED = "C500_NOTES_EXECUTED";

/** The last noted run of a test file. */
export interface NotedRun {
  /** The files whose functions it called. */
  readonly files: readonly string[];
  /** Its processor time, at best: the first file in a worker also loads the product. */
  readonly ms: number;
}

/** The last noted run of a test file; undefined if the file was changed after that. */
export function notedRun(testFile: string, project = process.cwd()): NotedRun | undefined {
  const record = recordOf(testFile, project);
  const writtenAtMs = statSync(join(project, testFile), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const notedAtMs = statSync(record, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return notedAtMs > writtenAtMs ? JSON.parse(readFileSync(record, "utf8")) : undefined;
}

/** Notes a run of a test file, given by its absolute path. */
export function noteRun(
  testPath: string,
  { files, ms }: { readonly files: Iterable<string>; readonly ms: number },
  project = process.cwd(),
): void {
  const testFile = relative(project, testPath);
  const record = recordOf(testFile, project);
  const run: NotedRun = {
    files: [...files].toSorted(),
    ms: Math.min(ms, notedRun(testFile, project)?.ms ?? ms),
  };
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, JSON.stringify(run));
}

function recordOf(testFile: string, project: string): string {
  return join(project, FOLDER, `${testFile}.json`);
}
