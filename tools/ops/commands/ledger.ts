import { connectFirestore } from "../../../shared/clients/firestore.ts";
import { defineCommand, exitCodes, noIds, UsageError } from "../command.ts";
import { checkLedger, printLedger } from "../ledger-check.ts";
import { exportLedger } from "../ledger-export.ts";
import { writeLines } from "../write-out.ts";

const FIRST_YEAR = 2020;
const LAST_YEAR = 2999;

/** Goes through all books. Reads only. */
export const ledgerCheck = defineCommand({
  name: "ledger check",
  usage: "",
  does: "proves that all of the races' money adds up, and shows the totals; names what is wrong if not",
  options: {},

  async run({ positionals }, desk, say) {
    noIds(positionals);
    const { name, deps } = await desk.open(["GOOGLE_CLOUD_PROJECT"]);
    say(`Going through the books of ${name}…`);
    const report = await checkLedger(await connectFirestore(deps.config)());
    printLedger(report, say);
    return report.flaws.length === 0 ? exitCodes.fine : exitCodes.needsYou;
  },
});

/** Writes a year of wallets as CSV, no faster than it is read. Reads only. */
export const ledgerExport = defineCommand({
  name: "ledger export",
  usage: "--year N",
  does: "everyone's year as CSV, with what they earned and were paid",
  options: { year: { type: "string" } },

  async run({ values, positionals }, desk) {
    noIds(positionals);
    const year = Number(values.year);
    if (!(Number.isInteger(year) && year >= FIRST_YEAR && year <= LAST_YEAR)) {
      throw new UsageError("--year is a year, such as 2026.");
    }
    const { deps } = await desk.open(["GOOGLE_CLOUD_PROJECT"]);
    const firestore = await connectFirestore(deps.config)();
    await writeLines(exportLedger(year, firestore), desk.out);
    return exitCodes.fine;
  },
});
