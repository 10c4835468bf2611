import { manifest } from "../../../functions/manifest.ts";
import { UsageError } from "../../cli/command-line.ts";
import { defineCommand, exitCodes, noIds } from "../command.ts";
import { printReconciliation, reconcileHours } from "../reconcile.ts";

const MAX_HOURS = 30 * 24;

/** Does by hand what the sweeper does for the last hours. */
export const reconcile = defineCommand({
  name: "reconcile",
  usage: "[--hours N]",
  does: `compares orders and payouts with Stripe for the last N hours (24) and repairs what lost events
         left undone`,
  options: { hours: { type: "string", default: "24" } },

  async run({ values, positionals }, context, say) {
    noIds(positionals);
    const hours = Number(values.hours);
    if (!(hours > 0 && hours <= MAX_HOURS)) {
      throw new UsageError(`--hours takes a number from 1 to ${MAX_HOURS}.`);
    }
    const { name, deps } = await context.open(manifest.sweeper.settings);
    say(`Comparing the last ${hours} hours of ${name} with Stripe…`);
    const result = await reconcileHours(hours, deps);
    printReconciliation(result, say);
    const isWell = result.differences.every(({ isRepaired }) => isRepaired);
    return isWell && result.unread.length === 0 ? exitCodes.fine : exitCodes.needsYou;
  },
});
