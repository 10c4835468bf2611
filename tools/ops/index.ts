import { parseArgs } from "node:util";
import { openInstallation } from "./installation.ts";
import { printReconciliation, reconcileHours } from "./reconcile.ts";

const USAGE = `./dev ops reconcile [--hours N]   compares orders with Stripe for the last N hours (24) and repairs
                                 what lost events left undone; exit code 1 if something needs you

It works on the local cloud while ./dev up runs in this folder, else on the installation whose
settings are in the environment.
`;

const MAX_HOURS = 30 * 24;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { hours: { type: "string", default: "24" } },
});

const hours = Number(values.hours);
if (positionals[0] !== "reconcile" || !(hours > 0 && hours <= MAX_HOURS)) {
  process.stderr.write(USAGE);
  process.exit(2);
}
const { name, deps } = await openInstallation();
process.stdout.write(`Comparing the last ${hours} hours of ${name} with Stripe…\n`);
const result = await reconcileHours(hours, deps);
printReconciliation(result, (line) => process.stdout.write(`${line}\n`));
process.exit(result.differences.every(({ isRepaired }) => isRepaired) ? 0 : 1);
