import { parseArgs } from "node:util";
import { connectFirestore } from "../../shared/clients/firestore.ts";
import { openInstallation } from "./installation.ts";
import { checkLedger, printLedger } from "./ledger-check.ts";
import { exportLedger } from "./ledger-export.ts";
import { printReconciliation, reconcileHours } from "./reconcile.ts";
import { isTraceable, openLog, printTrace } from "./trace.ts";
import { writeLines, written } from "./write-out.ts";

const USAGE = `./dev ops reconcile [--hours N]   compares orders and payouts with Stripe for the last N hours (24), repairs
                                 what lost events left undone; exit code 1 if something needs you
./dev ops ledger check           proves that all of the races' money adds up, and shows the totals;
                                 exit code 1 and the ids of what is wrong if not
./dev ops ledger export --year N everyone's year as CSV, with what they earned and were paid
./dev ops trace ID               the story of a trace, or of a Discord interaction, from the log

They work on the local cloud while ./dev up runs in this folder, else on the installation whose
settings are in the environment.
`;

const MAX_HOURS = 30 * 24;
const FIRST_YEAR = 2020;
const LAST_YEAR = 2999;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: { hours: { type: "string", default: "24" }, year: { type: "string" } },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Each gives the exit code; undefined when it was asked for wrongly. */
const commands: Readonly<Record<string, () => Promise<number | undefined>>> = {
  async reconcile() {
    const hours = Number(values["hours"]);
    if (!(hours > 0 && hours <= MAX_HOURS)) return undefined;
    const { name, deps } = await openInstallation();
    say(`Comparing the last ${hours} hours of ${name} with Stripe…`);
    const result = await reconcileHours(hours, deps);
    printReconciliation(result, say);
    return result.differences.every(({ isRepaired }) => isRepaired) ? 0 : 1;
  },

  async "ledger check"() {
    const { name, deps } = await openInstallation();
    say(`Going through the books of ${name}…`);
    const report = await checkLedger(await connectFirestore(deps.config)());
    printLedger(report, say);
    return report.flaws.length === 0 ? 0 : 1;
  },

  async "ledger export"() {
    const year = Number(values["year"]);
    if (!(Number.isInteger(year) && year >= FIRST_YEAR && year <= LAST_YEAR)) return undefined;
    const { deps } = await openInstallation();
    const firestore = await connectFirestore(deps.config)();
    await writeLines(exportLedger(year, firestore), process.stdout);
    return 0;
  },

  async "trace ID"() {
    const id = positionals.at(-1) ?? "";
    if (!isTraceable(id)) return undefined;
    try {
      return (await printTrace(id, openLog(), say)) ? 0 : 1;
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
      return 1;
    }
  },
};

const asked = positionals.join(" ");
const withId = [...positionals.slice(0, -1), "ID"].join(" ");
const code = await (commands[asked] ?? commands[withId])?.();
if (code === undefined) process.stderr.write(USAGE);
process.exitCode = code ?? 2;
await written(process.stdout);
process.exit();
