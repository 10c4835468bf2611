import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const FOLDER = ".local/test-runs";

/** Set for test runs that note which files they executed. */
export const NOTES_EXECUTED = "C500_NOTES_EXECUTED";

/** The files whose functions a test file called in its last noted run; undefined if it was changed after that. */
export function executedBy(testFile: string, project = process.cwd()): string[] | undefined {
  const record = recordOf(testFile, project);
  const writtenAtMs = statSync(join(project, testFile), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const notedAtMs = statSync(record, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return notedAtMs > writtenAtMs ? JSON.parse(readFileSync(record, "utf8")) : undefined;
}

/** Notes what a test file, given by its absolute path, has executed. */
export function noteExecuted(
  testPath: string,
  files: Iterable<string>,
  project = process.cwd(),
): void {
  const record = recordOf(relative(project, testPath), project);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, JSON.stringify([...files].toSorted()));
}

function recordOf(testFile: string, project: string): string {
  return join(project, FOLDER, `${testFile}.json`);
}
