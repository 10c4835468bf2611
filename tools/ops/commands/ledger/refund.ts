import { saleRefunded } from "../../../../functions/races/events/sale.ts";
import { formatMoney, parseDecimal } from "../../../../shared/money/money.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError, UsageError } from "../../command.ts";
import { ownId, refundOfOurs } from "./arguments.ts";

/** Books what no webhook reported, a refund or a dispute, once under its number. */
export const ledgerRefund = defineCommand({
  name: "ledger refund",
  usage: "SALE AMOUNT --id ID [--yes]",
  does: `takes back what no webhook reported, such as a refund on Ko-fi or a dispute on Shopify: AMOUNT of
         the items' price, in the sale's currency. --id is a name that you choose: under the same name only
         the largest amount counts. What the shop reports of the same refund later is added to it. "ledger
         reverse" corrects a wrong one`,
  options: { id: { type: "string" }, yes: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    const [saleId, typed, ...more] = positionals;
    if (!saleId || !typed || more.length > 0) throw new UsageError("Name a sale and an amount.");
    const refundId = ownId(values.id);
    const { name, deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const sale = /^[^/]{1,300}$/.test(saleId) ? await deps.sales.get(saleId) : undefined;
    if (!sale) throw new NeedsYouError(`There is no sale ${saleId}. Its id is like kofi:1234.`);
    const { base, refunded, currency, title } = sale;
    const amount = parseDecimal(typed, currency);
    if (!amount) throw new UsageError(`The amount is one of ${currency}, such as 12.50.`);
    const money = (units: number) => formatMoney(units, currency);
    const known = `"${title}", ${money(base)}, of which ${money(refunded)} was refunded before`;
    const isReversed = (await deps.sales.heardRefund(saleId, refundOfOurs(refundId)))?.turn;
    if (isReversed) {
      throw new NeedsYouError(
        `The refund ${refundId} was reversed. Take another name for this one.`,
      );
    }
    const question = `Take ${money(amount)} back from ${known}, in ${name}?`;
    if (!(await isConfirmed(question, values.yes, context))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    const refund = { saleId, refundId: refundOfOurs(refundId), amount, currency };
    const id = `${saleId}/${refund.refundId}/${amount}`;
    await deps.publisher.publish(saleRefunded, { ...refund, id });
    say(
      `On its way: the racers and the platform give ${money(amount)} back, at most what is left.`,
    );
    const booked = `refund.${saleId}.${refund.refundId}.${amount}`;
    say(
      `To give it back: ./dev ops ledger reverse ${booked} --reason "…", if a dispute is won, say.`,
    );
    say("./dev ops ledger check shows the books; each racer's /wallet shows theirs.");
    return exitCodes.fine;
  },
});
