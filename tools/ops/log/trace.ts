import { existsSync, readFileSync } from "node:fs";
import { systemClock } from "../../../shared/runtime/clock.ts";
import { environment } from "../../../shared/runtime/config.ts";
import { readGiven, refuseFaults } from "../../settings/values.ts";
import { ENDPOINTS } from "../installation.ts";
import { cloudLog } from "./cloud-log.ts";
import { type LogSource, localLog } from "./entries.ts";
import { describeTrace } from "./trace-story.ts";

/** The file that `./dev up` writes while it runs; the last run's lines stay. */
const LOCAL_LOG = ".local/log.jsonl";

const TRACE_ID = /^[0-9a-f]{32}$/;
const INTERACTION_ID = /^\d{1,20}$/;

/** Whether this can be the id of a trace or of a Discord interaction. */
export function isTraceable(id: string): boolean {
  return TRACE_ID.test(id) || INTERACTION_ID.test(id);
}

/**
 * Prints the story of a trace, or of the traces that a Discord interaction started. Returns false if the log has
 * no lines of it.
 */
export async function printTrace(
  id: string,
  log: LogSource,
  say: (line: string) => void,
): Promise<boolean> {
  const traceIds = TRACE_ID.test(id) ? [id] : await log.tracesOf(id);
  let isFound = false;
  for (const traceId of traceIds) {
    const entries = await log.entriesOf(traceId);
    if (entries.length === 0) continue;
    isFound = true;
    for (const line of describeTrace(entries)) say(line);
  }
  if (!isFound) say(`The log of ${log.name} has no lines of ${id}.`);
  return isFound;
}

/**
 * The log of the local cloud while it runs in this folder, or if no project is named; otherwise that of the
 * project that `c500.env` or the environment names.
 */
export function openLog(): LogSource {
  const isLocal = existsSync(ENDPOINTS);
  if (!isLocal) refuseFaults(environment, ".");
  const projectId = readGiven(environment, ".")["GOOGLE_CLOUD_PROJECT"];
  if (projectId && !isLocal) return cloudLog({ projectId, now: systemClock.now() });
  if (!existsSync(LOCAL_LOG)) {
    throw new Error(
      "There is no log here yet: run ./dev up, or name a project in c500.env to read its log.",
    );
  }
  return localLog("the local cloud", () => readFileSync(LOCAL_LOG, "utf8").split("\n"));
}
