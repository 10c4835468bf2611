import { type FunctionName, manifest } from "../../functions/manifest.ts";
import type { FunctionRow } from "../../shared/runtime/function/function-row.ts";
import { fillCompileCache, firstAnswer, spawnFunction } from "./function-process.ts";
import { throwawaySettings } from "./throwaway-settings.ts";

/** Other work on the machine only ever makes a start longer: the fastest counts. */
const STARTS = 2;
const DEADLINE_MS = 20_000;

/**
 * How long a built function takes from its process's start to its first answer, in milliseconds, with the compile
 * cache that it is deployed with.
 * Throws when it does not start, does not answer, or answers that it is broken.
 */
export async function measureColdStart(name: FunctionName): Promise<number> {
  fillCompileCache(name);
  const times: number[] = [];
  while (times.length < STARTS) times.push(await startOnce(name));
  return Math.min(...times);
}

async function startOnce(name: FunctionName): Promise<number> {
  const row: FunctionRow = manifest[name];
  const { path, ...request } = firstRequest(row);
  const startedMs = performance.now();
  const server = await spawnFunction(name, throwawaySettings(row.settings));
  try {
    const status = await firstAnswer(server, request, { path, deadlineMs: DEADLINE_MS });
    const elapsedMs = performance.now() - startedMs;
    if (status >= 500) throw new Error(`${name} answered ${status}:\n${server.output()}`);
    return elapsedMs;
  } finally {
    await server.stop();
  }
}

/**
 * What a function answers without asking anyone: a request that it refuses. A worker acts on
 * whatever it is sent, and so does what the schedule calls; of those, functions-framework itself
 * answers this path once it has loaded the function.
 */
function firstRequest({ trigger }: FunctionRow) {
  if (trigger.kind === "queue" || trigger.kind === "schedule") return { path: "/robots.txt" };
  const headers = { "content-type": "application/json" };
  return { path: "/", method: "POST", headers, body: "{}" };
}
