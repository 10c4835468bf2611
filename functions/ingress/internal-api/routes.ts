import type { Route } from "./define-route.ts";
import { createCheckout } from "./routes/create-checkout.ts";
import { goLiveTrigger } from "./routes/go-live-trigger.ts";

const all = [goLiveTrigger, createCheckout] as const;

/** Dependencies of all routes. */
export type InternalApiDeps = (typeof all)[number] extends Route<infer D> ? D : never;

/** One of the routes. */
export type InternalRoute = Route<InternalApiDeps>;

/** The routes for C500's other services, by path; documented in `docs/reference/openapi.json`. */
export const routes: ReadonlyMap<string, InternalRoute> = new Map(
  all.map((route) => [route.path, route]),
);
