import { manifest } from "../../../../functions/manifest.ts";
import type { Payment } from "../../../../functions/shop/domain/order.ts";
import { type RefundedPart, refundable } from "../../../../functions/shop/domain/order-parts.ts";
import { refundRefusalTexts } from "../../../../functions/shop/messages/payments.ts";
import {
  refundOrder,
  TransferUnderWayError,
} from "../../../../functions/shop/money/refund-order.ts";
import { parseAmount } from "../../../../shared/money/money.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError, onlyId } from "../../command.ts";
import { ownId } from "../ledger/arguments.ts";
import { moneyWord, orderNamed } from "./arguments.ts";

/**
 * Refunds an order as staff do with `/c500 refund`. Idempotency: the refund has the id that was typed, else one made of
 * what is refunded, and is made once.
 */
export const refundByHand = defineCommand({
  name: "orders refund",
  usage: "ORDER [--of items|shipping|AMOUNT] [--restock] [--id ID] [--yes]",
  does: `gives a buyer their money back, everything that is left unless --of says what: the items, the shipping, or an
           amount such as 12.50. --restock puts the unit on sale again. The same refund is made only once: to refund
           the same amount again, choose a name for it with --id`,
  options: {
    of: { type: "string" },
    restock: { type: "boolean" },
    id: { type: "string" },
    yes: { type: "boolean" },
  },

  async run({ values, positionals }, context, say) {
    const orderId = onlyId(positionals);
    const named = values.id === undefined ? undefined : ownId(values.id);
    const { name, deps } = await context.open(manifest.sweeper.settings);
    const { payment } = await orderNamed(orderId, deps);
    if (!payment) throw new NeedsYouError(refundRefusalTexts.unpaid);
    const { part, amount } = whatOf(values.of, payment);
    const id = `ops-${named ?? part ?? amount ?? "all"}`;
    const money = (units: number) => moneyWord(units, payment);
    const known = await deps.refunds.get(orderId, id);
    if (known?.state === "failed") {
      throw new NeedsYouError(
        `Refund ${id} of ${money(known.amount)} was not made. To try again, choose another name for it with --id.`,
      );
    }
    if (known && known.state !== "requested") {
      say(`Refund ${id} of ${money(known.amount)} is ${known.state}. Nothing was changed.`);
      return exitCodes.fine;
    }
    const left = payment.amount - payment.refundRequested;
    const sum = money(known?.amount ?? amount ?? refundable(payment, left, part ?? "order"));
    if (
      !(await isConfirmed(`Refund ${sum} of order ${orderId} in ${name}?`, values.yes, context))
    ) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    const restock = values.restock === true;
    const result = await refundOrder({ id, orderId, amount, part, restock }, deps).catch(later);
    switch (result.outcome) {
      case "refunded": {
        const { amount: made } = result.refund;
        say(`Refunded ${money(made)}, as ${id}. Buyer and builder are notified.`);
        say(`Status   ${result.order.fulfillmentStatus}`);
        return exitCodes.fine;
      }
      case "too-much":
        throw new NeedsYouError(`Nothing was refunded: ${money(result.left)} is left of it.`);
      case "too-late":
      case "superseded":
      case "just-refunded":
        throw new NeedsYouError("Nothing was refunded: another refund is under way. Try again.");
      default:
        throw new NeedsYouError(refundRefusalTexts[result.outcome]);
    }
  },
});

function whatOf(
  typed: string | undefined,
  { currency }: Payment,
): { readonly part: RefundedPart | undefined; readonly amount: number | undefined } {
  if (typed === undefined) return { part: undefined, amount: undefined };
  if (typed === "items" || typed === "shipping") return { part: typed, amount: undefined };
  const amount = parseAmount(typed, currency);
  if (amount) return { part: undefined, amount };
  throw new UsageError("--of takes items, shipping, or an amount such as 12.50.");
}

function later(error: unknown): never {
  if (!(error instanceof TransferUnderWayError)) throw error;
  throw new NeedsYouError(`${error.message} Try again in a minute.`);
}
