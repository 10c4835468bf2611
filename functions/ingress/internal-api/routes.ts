import type { HttpRequest } from "../../../shared/runtime/http.ts";
import { type CreateCheckoutDeps, createCheckout } from "./create-checkout.ts";
import { type GoLiveTriggerDeps, goLiveTrigger } from "./go-live-trigger.ts";

/** What all routes need. */
export type InternalApiDeps = GoLiveTriggerDeps & CreateCheckoutDeps;

/** What a route answers: a status and the JSON of the body, which is `{"error": "…"}` from 400 on. */
type Route = (
  request: HttpRequest,
  deps: InternalApiDeps,
) => Promise<{ readonly status: number; readonly body: object }>;

/** Everything that C500's other services may ask for, by its path. */
export const routes: Readonly<Record<string, Route>> = {
  "/api/internal/go-live-trigger": async (request, deps) => {
    const { status, message } = await goLiveTrigger(request, deps);
    return { status, body: status < 400 ? { message } : { error: message } };
  },
  "/api/internal/create-checkout": createCheckout,
};
