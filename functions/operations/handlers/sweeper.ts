import type { FunctionHandler } from "../../../shared/runtime/http.ts";
import { runSweeps } from "../../../shared/runtime/sweep.ts";
import type { Deps } from "../deps.ts";
import { sweeps } from "../sweeps.ts";

/**
 * Runs every feature's sweeps, every 15 minutes.
 *
 * Idempotency: each sweep does the same as an idempotent task or event. Crash safety and lateness: the next run finds
 * what this one has not done. When a sweep fails, the run is answered 500.
 */
export const handler: FunctionHandler<Deps> = (deps) => async (_request, response) => {
  const failures = await runSweeps(sweeps, deps);
  response.status(failures.length > 0 ? 500 : 204).end();
};
