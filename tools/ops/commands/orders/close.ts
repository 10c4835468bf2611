import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import type { Order } from "../../../../functions/shop/domain/order.ts";
import type { Refund } from "../../../../functions/shop/domain/refund.ts";
import { scheduleBoard } from "../../../../functions/shop/drops/drop-board.ts";
import { collectDebt } from "../../../../functions/shop/money/collect-debt.ts";
import { formatMoney } from "../../../../shared/money/money.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError, UsageError } from "../../command.ts";
import { orderNamed } from "./arguments.ts";

/**
 * Closes a refund that is decided and not made, with a reason that is kept with it. What staff have paid
 * outside of Stripe counts as gone back: nobody is paid it again, and the builder gives their part.
 *
 * Twice: one that is closed is not found among the open ones. Dying in between: the debt of the builder is
 * collected by the sweeper, which redraws the drop's post, too.
 */
export const closeRefund = defineCommand({
  name: "orders close",
  usage: "ORDER REFUND --reason TEXT [--paid-outside] [--yes]",
  does: `closes a refund that is decided and not made: when Stripe has nothing left to refund, or, with
         --paid-outside, when you have paid the buyer in another way. The reason is kept with it`,
  options: {
    reason: { type: "string" },
    "paid-outside": { type: "boolean" },
    yes: { type: "boolean" },
  },

  async run({ values, positionals }, context, say) {
    const [orderId, refundId, ...more] = positionals;
    if (!orderId || !refundId || more.length > 0) {
      throw new UsageError("Name an order and its refund, as ./dev ops orders shows them.");
    }
    const reason = values.reason?.trim();
    if (!reason) throw new UsageError("Say why with --reason; it is kept with the refund.");
    const isOutside = values["paid-outside"] ?? false;
    const { name, deps } = await context.open(manifest.sweeper.settings);
    const order = await orderNamed(orderId, deps);
    const refund = await openRefund(order, refundId, deps);
    const money = (amount: number) => formatMoney(amount, order.payment?.currency ?? "usd");
    const left = await deps.stripe.refundableOf(order.payment?.paymentIntentId ?? "");
    if (!isOutside && left !== 0) throw new NeedsYouError(notClosed(order, left, money));
    const how = isOutside ? "as paid to the buyer outside of Stripe" : "without paying anything";
    const question = `Close the refund of ${money(refund.amount)} of order ${orderId} ${how}, in ${name}?`;
    if (!(await isConfirmed(question, values.yes, context))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    if (isOutside) {
      await bookOutside(order, refund, reason, deps);
      say(`Closed: ${money(refund.amount)} count as refunded, and the builder bears their part.`);
    } else {
      await deps.refunds.aim(orderId, refund.id, 0, deps.clock.now(), reason);
      say(
        "Closed: Stripe has nothing left to refund. ./dev ops reconcile books what went back there.",
      );
    }
    say(
      `Nobody was notified: tell the buyer (${order.buyerId}) and the builder (${order.builderId}).`,
    );
    return exitCodes.fine;
  },
});

async function openRefund(order: Order, id: string, deps: Deps): Promise<Refund> {
  const open = await deps.refunds.openOf(order);
  const found = open.find((refund) => refund.id === id);
  if (found) return found;
  const ids = open.map((refund) => refund.id).join(", ");
  throw new NeedsYouError(
    ids === ""
      ? `Order ${order.id} has no refund that is decided and not made.`
      : `Order ${order.id} has no open refund "${id}". It has ${ids}.`,
  );
}

function notClosed(
  { id }: Order,
  left: number | undefined,
  money: (amount: number) => string,
): string {
  const otherwise = "If you have paid the buyer in another way, say --paid-outside.";
  if (left === undefined) {
    return `A dispute of order ${id} is open: Stripe says what is left once it is decided. ${otherwise}`;
  }
  return `Stripe can still refund ${money(left)} of order ${id}: ./dev ops orders retry ${id} does. ${otherwise}`;
}

async function bookOutside(order: Order, refund: Refund, reason: string, deps: Deps) {
  const { id, amount } = refund;
  const made = { id, kind: "refund", amount, paidOutside: { reason } } as const;
  const { debtId } = await deps.refunds.made(order.id, made, deps.clock.now());
  await collectDebt({ builderId: order.builderId, id: debtId }, deps);
  if (order.dropId) await scheduleBoard(order.dropId, deps);
}
