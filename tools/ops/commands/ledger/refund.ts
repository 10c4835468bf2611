import { saleRefunded } from "../../../../functions/races/events/sale.ts";
import { formatMoney, parseDecimal } from "../../../../shared/money/money.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError } from "../../command.ts";
import { ownId, refundOfOurs } from "./arguments.ts";

/** Books a refund or dispute that no webhook reported, once for each id. */
export const ledgerRefund = defineCommand({
  name: "ledger refund",
  usage: "SALE AMOUNT --id ID [--yes]",
  does: `takes back shares for what no webhook reported, such as a refund on Ko-fi or a dispute on Shopify:
           AMOUNT is in the sale's currency and part of its items' price. --id is a name that you choose: for one name
           only the largest amount counts. If the shop reports the same refund later, it counts in addition. "ledger
           reverse" corrects a wrong one`,
  options: { id: { type: "string" }, yes: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    const [saleId, typed, ...more] = positionals;
    if (!saleId || !typed || more.length > 0) throw new UsageError("Give a sale and an amount.");
    const refundId = ownId(values.id);
    const { name, deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const sale = /^[^/]{1,300}$/.test(saleId) ? await deps.sales.get(saleId) : undefined;
    if (!sale) throw new NeedsYouError(`There is no sale ${saleId}. An id looks like kofi:1234.`);
    const { base, refunded, currency, title } = sale;
    const amount = parseDecimal(typed, currency);
    if (!amount) throw new UsageError(`The amount is in ${currency}, such as 12.50.`);
    const money = (units: number) => formatMoney(units, currency);
    const known = `"${title}", ${money(base)}, of which ${money(refunded)} was already refunded`;
    const isReversed = (await deps.sales.findRefund(saleId, refundOfOurs(refundId)))?.turn;
    if (isReversed) {
      throw new NeedsYouError(
        `The refund ${refundId} was reversed. Choose another --id for this one.`,
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
      `Sent: the racers and the platform give back ${money(amount)}, or what is left if that is less.`,
    );
    const booked = `refund.${saleId}.${refund.refundId}.${amount}`;
    say(
      `To undo it, for example after a won dispute: ./dev ops ledger reverse ${booked} --reason "…"`,
    );
    say("./dev ops ledger check shows the books; each racer's /wallet shows theirs.");
    return exitCodes.fine;
  },
});
