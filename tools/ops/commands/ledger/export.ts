import { connectFirestore } from "../../../../shared/clients/firestore.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, noIds } from "../../command.ts";
import { exportLedger } from "../../ledger/export.ts";
import { writeLines } from "../../write-out.ts";

const FIRST_YEAR = 2020;
const LAST_YEAR = 2999;

/** Writes a year of wallets as CSV, no faster than the reader takes it. Reads only. */
export const ledgerExport = defineCommand({
  name: "ledger export",
  usage: "--year N",
  does: "writes everyone's earnings and payouts of a year as CSV",
  options: { year: { type: "string" } },

  async run({ values, positionals }, context) {
    noIds(positionals);
    const year = Number(values.year);
    if (!(Number.isInteger(year) && year >= FIRST_YEAR && year <= LAST_YEAR)) {
      throw new UsageError("--year takes a year, such as 2026.");
    }
    const { deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const firestore = await connectFirestore(deps.config)();
    await writeLines(exportLedger(year, firestore), context.out);
    return exitCodes.fine;
  },
});
