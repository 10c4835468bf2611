import type { FunctionHandler } from "../../shared/runtime/http.ts";
import { type GoLiveTriggerDeps, goLiveTrigger } from "./go-live-trigger.ts";

/**
 * What C500's other services may ask for. Only callers with the invoker role reach it: Cloud Run
 * checks their identity token before we run.
 */
export const handler: FunctionHandler<GoLiveTriggerDeps> = (deps) => async (request, response) => {
  if (request.path !== "/api/internal/go-live-trigger") {
    response.status(404).json({ message: "There is nothing at this path." });
    return;
  }
  if (request.method !== "POST") {
    response.status(405).set("allow", "POST").json({ message: "Use POST." });
    return;
  }
  try {
    const { status, message } = await goLiveTrigger(request, deps);
    response.status(status).json({ message });
  } catch (error) {
    deps.log.error("A go-live trigger failed", error);
    const message = "Something went wrong on our side. Ask again with the same Idempotency-Key.";
    response.status(500).json({ message });
  }
};
