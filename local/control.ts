import express, { type ErrorRequestHandler } from "express";
import type { LocalClock } from "./kit/clock.ts";
import type { Fault, FaultPlan, FaultTarget } from "./kit/faults.ts";
import { type HttpService, listen } from "./kit/http.ts";

/** What an outside program may ask for when it adds a fault. */
interface FaultRequest {
  readonly target: FaultTarget;
  readonly operation?: string;
  readonly fault: Fault;
  readonly probability?: number;
  readonly times?: number;
}

/**
 * Lets a program outside move the time and cause trouble. `GET /` is a page for people.
 * - `GET /clock` gives `{"nowMs"}`; `POST /clock/advance {"ms"}` moves it forward and gives the same, once `save`
 *   has kept it: whoever is killed after that loses nothing.
 * - `POST /faults` adds a rule of the fault plan, its `operation` a regular expression as text;
 *   `DELETE /faults` ends them all.
 * - `POST /settle` answers once nothing is under way.
 * - What it refuses is `{"error": "…"}` with 400.
 */
export function startControl(
  {
    clock,
    faults,
    settle,
    page,
    save,
  }: {
    clock: LocalClock;
    faults: FaultPlan;
    settle(): Promise<void>;
    page(): string;
    save(): void;
  },
  port = 0,
): Promise<HttpService> {
  const app = express();
  app.get("/", (_request, response) => {
    response.type("html").send(page());
  });
  app.use(express.json());
  app.get("/clock", (_request, response) => {
    response.json({ nowMs: clock.nowMs() });
  });
  app.post("/clock/advance", async (request, response) => {
    const ms: unknown = request.body?.ms;
    if (typeof ms !== "number" || !(ms >= 0 && ms < Number.POSITIVE_INFINITY)) {
      response.status(400).json({ error: 'The body must be {"ms": N}, N zero or more.' });
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
  app.use(refused);
  return listen(app, port);
}

/** What cannot be done, or is not JSON, is the caller's mistake. */
const refused: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(400).json({ error: String(error?.message) });
};
