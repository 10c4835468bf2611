import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import type { Deps } from "./deps.ts";
import { createOrderLinks } from "./store/order-links.ts";

/** What sending a notice needs, with the links to orders' pages. */
export type NoticeDeps = PlatformDeps & Pick<Deps, "orderLinks">;

/** Wires just that: every other store of the shop would be in the bundle as well. */
export function createDeps(platform: PlatformDeps, database: Database): NoticeDeps {
  return { ...platform, orderLinks: createOrderLinks(database) };
}
