import type { FunctionHandler } from "../../../shared/runtime/http.ts";
import { note } from "../../../shared/runtime/trace.ts";
import { type InternalApiDeps, routes } from "../internal-api/routes.ts";

/**
 * The API for C500's other services. Only callers with the invoker role reach it: Cloud Run checks their
 * identity token first.
 */
export const handler: FunctionHandler<InternalApiDeps> = (deps) => async (request, response) => {
  const route = routes[request.path];
  if (!route) {
    response.status(404).json({ error: "There is nothing at this path." });
    return;
  }
  note({ what: request.path });
  if (request.method !== "POST") {
    response.status(405).set("allow", "POST").json({ error: "Use POST." });
    return;
  }
  try {
    const { status, body } = await route.run(request, deps);
    response.status(status).json(body);
  } catch (error) {
    deps.log.error("An internal call failed", error, { path: request.path });
    const problem = "Something went wrong on our side. Try again with the same Idempotency-Key.";
    response.status(500).json({ error: problem });
  }
};
