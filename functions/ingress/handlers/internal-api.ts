import type { FunctionHandler } from "../../../shared/runtime/http.ts";
import { note } from "../../../shared/runtime/trace.ts";
import { errorResponse } from "../internal-api/define-route.ts";
import { type InternalApiDeps, routes } from "../internal-api/routes.ts";

/**
 * The API for C500's other services. Only callers with the invoker role reach it: Cloud Run checks their
 * identity token first.
 */
export const handler: FunctionHandler<InternalApiDeps> = (deps) => async (request, response) => {
  const answer = ({ status, body }: ReturnType<typeof errorResponse>) =>
    void response.status(status).json(body);
  const route = routes.get(request.path);
  if (!route) return answer(errorResponse(404, "no-route", "There is nothing at this path."));
  note({ what: request.path });
  const { method } = route;
  if (request.method !== method) {
    response.set("allow", method);
    return answer(errorResponse(405, "wrong-method", `Use ${method}.`));
  }
  try {
    answer(await route.respond(request, deps));
  } catch (error) {
    deps.log.error("An internal call failed", error, { path: request.path });
    const problem = "Something went wrong on our side. Try again with the same Idempotency-Key.";
    answer(errorResponse(500, "server-error", problem));
  }
};
