import { connectFirestore } from "../../../../shared/clients/firestore.ts";
import { defineCommand, exitCodes, noIds } from "../../command.ts";
import { checkLedger, printLedger } from "../../ledger/check.ts";

/** Checks the whole ledger. Reads only. */
export const ledgerCheck = defineCommand({
  name: "ledger check",
  usage: "",
  does: "checks that all money of the races adds up, and shows the totals, or what is wrong",
  options: {},

  async run({ positionals }, context, say) {
    noIds(positionals);
    const { name, deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    say(`Checking the ledger of ${name}…`);
    const report = await checkLedger(await connectFirestore(deps.config)());
    printLedger(report, say);
    return report.flaws.length === 0 ? exitCodes.fine : exitCodes.needsYou;
  },
});
