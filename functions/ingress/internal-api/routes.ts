import type { Route } from "./define-route.ts";
import { builderDashboard } from "./routes/builder-dashboard.ts";
import { buyerOrders } from "./routes/buyer-orders.ts";
import { changeDrop } from "./routes/change-drop.ts";
import { createCheckout } from "./routes/create-checkout.ts";
import { createDrop } from "./routes/create-drop.ts";
import { goLiveTrigger } from "./routes/go-live-trigger.ts";
import { order } from "./routes/order.ts";

const all = [
  goLiveTrigger,
  createCheckout,
  createDrop,
  changeDrop,
  builderDashboard,
  buyerOrders,
  order,
] as const;

/** Dependencies of all routes. */
export type InternalApiDeps = (typeof all)[number] extends Route<infer D> ? D : never;

/** One of the routes. */
export type InternalRoute = Route<InternalApiDeps>;

/** The routes for C500's other services, by path; documented in `docs/reference/openapi.json`. */
export const routes: ReadonlyMap<string, InternalRoute> = new Map(
  all.map((route) => [route.path, route]),
);
