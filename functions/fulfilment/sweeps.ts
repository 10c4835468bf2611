import { defineSweep } from "../../shared/runtime/sweep.ts";
import { type DeadlineDeps, doDeadline } from "./service/deadlines.ts";

/** What this feature has the sweeper do. */
export const fulfilmentSweeps = [
  defineSweep({
    name: "deadlines",
    does: "does what is due for parcels and requests: reminders, late parcels, arrivals, missing answers",
    asks: ["Stripe"],
    // What was dealt with is gone, so the next run continues behind it.
    async run(deps: DeadlineDeps, turn) {
      const due = await deps.deadlines.due(deps.clock.now(), turn.maxItems);
      await turn.forEach(due, (deadline) => doDeadline(deadline, deps));
    },
  }),
];
