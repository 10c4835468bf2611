import { type SendDeps, sendOnce } from "../../shared/discord/sending/send-once.ts";
import { defineSweep } from "../../shared/runtime/sweep.ts";
import { differenceNotice } from "./messages/operators.ts";
import { type ReconcileDeps, reconcile } from "./service/reconcile.ts";

/** An event that has not arrived by then was lost, or Stripe is still repeating it. */
const RECONCILED_MS = 4 * 3_600_000;

/** This feature's sweeps. */
export const paymentsSweeps = [
  defineSweep({
    name: "reconcile",
    does: "compares the books with Stripe's of the last four hours, and repairs or reports what differs",
    asks: ["Stripe"],
    async run(deps: ReconcileDeps & SendDeps, turn) {
      const since = new Date(deps.clock.now().getTime() - RECONCILED_MS);
      const { compared, differences, unread } = await reconcile(since, deps, turn.isTimeLeft);
      deps.log.info("Our books and Stripe were compared", { ...compared });
      const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
      await turn.forEach(differences, async (difference) => {
        const event = difference.isRepaired ? {} : { event: "stripe-difference" };
        deps.log.warn("Our books and Stripe differed", { ...difference, ...event });
        if (difference.isRepaired) return;
        await sendOnce(`difference:${difference.id}`, channel, differenceNotice(difference), deps);
      });
      if (unread.length > 0) throw new AggregateError(unread, "Not all of Stripe could be read");
    },
  }),
];
