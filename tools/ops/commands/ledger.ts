import { connectFirestore } from "../../../shared/clients/firestore.ts";
import { formatMoney, parseDecimal } from "../../../shared/domain/money.ts";
import { saleRefunded } from "../../../shared/events/sale.ts";
import {
  defineCommand,
  exitCodes,
  isConfirmed,
  NeedsYouError,
  noIds,
  UsageError,
} from "../command.ts";
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

/** Books a refund that no webhook could tell, once under its number. */
export const ledgerRefund = defineCommand({
  name: "ledger refund",
  usage: "SALE AMOUNT --id ID [--yes]",
  does: `takes back what a shop's webhook could not tell: AMOUNT of the items' price, in the sale's
         currency. --id is a name of yours for it: under the same one only the largest amount counts. What
         the shop tells of the same refund later counts beside it`,
  options: { id: { type: "string" }, yes: { type: "boolean" } },

  async run({ values, positionals }, desk, say) {
    const [saleId, typed, ...more] = positionals;
    if (!saleId || !typed || more.length > 0) throw new UsageError("Name a sale and an amount.");
    const refundId = values.id?.trim();
    if (!refundId || !/^[\w.-]{1,100}$/.test(refundId)) {
      throw new UsageError("--id is a refund's number or a word: letters, digits, dots, dashes.");
    }
    const { name, deps } = await desk.open(["GOOGLE_CLOUD_PROJECT"]);
    const sale = /^[^/]{1,300}$/.test(saleId) ? await deps.sales.get(saleId) : undefined;
    if (!sale) throw new NeedsYouError(`There is no sale ${saleId}. Its id is like kofi:1234.`);
    const { base, refunded, currency, title } = sale;
    const amount = parseDecimal(typed, currency);
    if (!amount) throw new UsageError(`The amount is one of ${currency}, such as 12.50.`);
    const money = (units: number) => formatMoney(units, currency);
    const known = `"${title}", ${money(base)}, of which ${money(refunded)} went back before`;
    const question = `Take ${money(amount)} back of ${known}, in ${name}?`;
    if (!(await isConfirmed(question, values.yes, desk))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    const refund = { saleId, refundId: `by-hand-${refundId}`, amount, currency };
    const id = `${saleId}/${refund.refundId}/${amount}`;
    await deps.publisher.publish(saleRefunded, { ...refund, id });
    say(`On its way: shares and house give ${money(amount)} back, at the most what is left.`);
    say("./dev ops ledger check shows the books; each racer's /wallet shows theirs.");
    return exitCodes.fine;
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
