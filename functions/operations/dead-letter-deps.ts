import type { Database } from "../../shared/ports/database.ts";
import type { PlatformDeps } from "../../shared/runtime/deps.ts";
import { createPayouts } from "../races/store/payouts/payouts.ts";
import { createRefunds } from "../shop/store/refunds/refunds.ts";
import type { Deps } from "./deps.ts";
import { createDeadLetters } from "./store/dead-letters.ts";

/** What storing a dead letter needs, with the payments that a failed command may have decided on. */
export type DeadLetterDeps = PlatformDeps & Pick<Deps, "deadLetters" | "payouts" | "refunds">;

/** Wires just that: every other store of the features would be in the bundle as well. */
export function createDeps(platform: PlatformDeps, database: Database): DeadLetterDeps {
  return {
    ...platform,
    deadLetters: createDeadLetters(database),
    payouts: createPayouts(database),
    refunds: createRefunds(database),
  };
}
