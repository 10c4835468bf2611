import express, { type ErrorRequestHandler, type Router } from "express";
import type { LocalClock } from "../kit/clock.ts";
import type { Fault, FaultPlan, FaultTarget } from "../kit/faults.ts";
import { type HttpService, listen } from "../kit/http/listen.ts";
import { refuseOtherSites } from "./guard.ts";

/** An external program's request to add a fault. */
interface FaultRequest {
  readonly target: FaultTarget;
  readonly operation?: string;
  readonly fault: Fault;
  readonly probability?: number;
  readonly times?: number;
}

/** What the control works on. */
interface Controlled {
  readonly clock: LocalClock;
  readonly faults: FaultPlan;
  settle(): Promise<void>;
  /** Stores the state of all services. */
  save(): void;
  /** Serves everything else at this address; without it there is nothing else. */
  readonly pages?: Router;
}

/**
 * Lets an external program advance the clock and inject faults.
 * - `GET /clock` gives `{"nowMs"}`; `POST /clock/advance {"ms"}` advances it and gives the same
 *   after `save` has stored the state, so that a process killed later loses nothing.
 * - `POST /faults` adds a rule of the fault plan, with `operation` as the text of a regular
 *   expression; `DELETE /faults` removes all rules.
 * - `POST /settle` answers when no work is in progress.
 * - Errors are `{"error": "…"}` with 400.
 */
export async function startControl(
  { clock, faults, settle, save, pages }: Controlled,
  port = 0,
): Promise<HttpService> {
  const app = express().disable("x-powered-by").disable("etag");
  let hosts: readonly string[] = [];
  app.use(refuseOtherSites(() => hosts));
  app.use(["/clock", "/faults", "/settle"], express.json());
  app.get("/clock", (_request, response) => {
    response.json({ nowMs: clock.nowMs() });
  });
  app.post("/clock/advance", async (request, response) => {
    const ms: unknown = request.body?.ms;
    if (typeof ms !== "number" || !(ms >= 0 && ms < Number.POSITIVE_INFINITY)) {
      response.status(400).json({ error: 'The body must be {"ms": N} with N at least 0.' });
      return;
    }
    await clock.advance(ms);
    save();
    response.json({ nowMs: clock.nowMs() });
  });
  app.post("/faults", (request, response) => {
    const { operation, ...rule }: FaultRequest = request.body ?? {};
    if (!rule.target || !rule.fault) throw new Error("A fault needs a target and a fault.");
    faults.add({ ...rule, ...(operation ? { operation: new RegExp(operation) } : {}) });
    response.status(204).end();
  });
  app.delete("/faults", (_request, response) => {
    faults.clear();
    response.status(204).end();
  });
  app.post("/settle", async (_request, response) => {
    await settle();
    response.status(204).end();
  });
  if (pages) app.use(pages);
  app.use(refused);
  const service = await listen(app, port);
  const { port: served } = new URL(service.url);
  hosts = [`127.0.0.1:${served}`, `localhost:${served}`];
  return service;
}

/** An action that is not possible and invalid JSON are the caller's errors. */
const refused: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(400).json({ error: String(error?.message) });
};
