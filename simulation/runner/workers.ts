import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { environment } from "../../local/kit/environment.ts";
import type { SimulationPlan, SimulationReport } from "./plan.ts";

const WORKER = new URL("worker.ts", import.meta.url);
/**
 * A worker creates many short-lived objects; a large young generation reduces garbage collection.
 */
const FLAGS = ["--import", "./tools/lua-modules.ts", "--max-semi-space-size=64"];

/** Runs simulations in one process per processor and passes each report on as it arrives. */
export async function runAll(
  plans: readonly SimulationPlan[],
  onReport: (report: SimulationReport) => void,
): Promise<void> {
  const waiting = [...plans];
  const count = Math.min(availableParallelism(), plans.length);
  await Promise.all(Array.from({ length: count }, () => keepBusy(waiting, onReport)));
}

async function keepBusy(
  waiting: SimulationPlan[],
  onReport: (report: SimulationReport) => void,
): Promise<void> {
  while (waiting.length > 0) {
    const env = { ...environment, NODE_COMPILE_CACHE: ".local/compile-cache" };
    const worker = fork(WORKER, { execArgv: FLAGS, env });
    try {
      await nextMessage(worker);
      while (worker.connected) {
        const plan = waiting.shift();
        if (!plan) return;
        worker.send(plan);
        const report = await nextMessage(worker).catch((error: Error) => endedBy(plan, error));
        onReport(report as SimulationReport);
      }
    } finally {
      if (worker.connected) worker.disconnect();
    }
  }
}

/** The report of a simulation that ended its process, for example by an unhandled rejection. */
function endedBy(plan: SimulationPlan, { message }: Error): SimulationReport {
  const failure = { rule: "crash", message };
  return { plan, failure, digest: "", count: 0, happened: [], steps: [] };
}

function nextMessage(worker: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (code: number | null) =>
      reject(new Error(`The process of the simulation ended with ${code}; its errors are above.`));
    worker.once("exit", end);
    worker.once("message", (message) => {
      worker.off("exit", end);
      resolve(message);
    });
  });
}
