import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));
const FOLDER = ".local/test-calls";

/** The functions that a test file has called since it was last edited; undefined if it has not run since. */
export function callsOf(testFile: string, project = PROJECT): string[] | undefined {
  const record = recordOf(testFile, project);
  const writtenAtMs = statSync(join(project, testFile), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const recordedAtMs = statSync(record, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return recordedAtMs > writtenAtMs ? JSON.parse(readFileSync(record, "utf8")) : undefined;
}

/** Records that a test file, given by its absolute path, has called functions. */
export function noteCalls(testPath: string, functions: Iterable<string>, project = PROJECT): void {
  const testFile = relative(project, testPath);
  const all = new Set([...(callsOf(testFile, project) ?? []), ...functions]);
  const record = recordOf(testFile, project);
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, JSON.stringify([...all].toSorted()));
}

function recordOf(testFile: string, project: string): string {
  return join(project, FOLDER, `${testFile}.json`);
}
