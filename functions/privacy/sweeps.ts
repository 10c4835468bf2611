import { defineSweep } from "../../shared/runtime/sweep.ts";
import type { Deps } from "./deps.ts";
import { scheduleForgetting } from "./service/forget-person.ts";

/** What this feature has the sweeper do. */
export const privacySweeps = [
  defineSweep({
    name: "forgettings",
    does: "continues forgetting people who asked for it and whose task was lost",
    asks: [],
    async run(deps: Pick<Deps, "forgettings" | "tasks" | "clock">, turn) {
      const now = deps.clock.now();
      await turn.forEach(await deps.forgettings.due(now), async (userId) => {
        const who = await deps.forgettings.get(userId);
        if (who) await scheduleForgetting(who, now, deps);
      });
    },
  }),
];
