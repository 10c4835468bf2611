import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import type { Order } from "../../../../functions/shop/domain/order.ts";
import type { Refund } from "../../../../functions/shop/domain/refund.ts";
import { scheduleBoard } from "../../../../functions/shop/drops/drop-board.ts";
import { collectDebt } from "../../../../functions/shop/money/collect-debt.ts";
import { formatMoney } from "../../../../shared/money/money.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError } from "../../command.ts";
import { orderNamed } from "./arguments.ts";

/**
 * Closes a refund that was decided but not made, with a reason that is stored with it. If staff have paid the
 * buyer outside of Stripe, the refund counts as made: the buyer is not paid again, and the builder bears their
 * part.
 *
 * Idempotency: a closed refund is no longer among the open ones. Crash safety: the sweeper collects the builder's
 * debt and updates the drop's post.
 */
export const closeRefund = defineCommand({
  name: "orders close",
  usage: "ORDER REFUND --reason TEXT [--paid-outside] [--yes]",
  does: `closes a refund that was decided but not made: if Stripe has nothing left to refund, or, with
           --paid-outside, if you have paid the buyer in another way. The reason is stored with it`,
  options: {
    reason: { type: "string" },
    "paid-outside": { type: "boolean" },
    yes: { type: "boolean" },
  },

  async run({ values, positionals }, context, say) {
    const [orderId, refundId, ...more] = positionals;
    if (!orderId || !refundId || more.length > 0) {
      throw new UsageError("Give an order and its refund, as ./dev ops orders shows them.");
    }
    const reason = values.reason?.trim();
    if (!reason) throw new UsageError("Give a reason with --reason; it is stored with the refund.");
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
      say(`Closed: ${money(refund.amount)} counts as refunded, and the builder bears their part.`);
    } else {
      await deps.refunds.aim(orderId, refund.id, 0, deps.clock.now(), reason);
      say(
        "Closed: Stripe has nothing left to refund. ./dev ops reconcile books what was refunded there.",
      );
    }
    say(
      `Nobody was notified: please notify the buyer (${order.buyerId}) and the builder (${order.builderId}).`,
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
      ? `Order ${order.id} has no refund that was decided but not made.`
      : `Order ${order.id} has no open refund "${id}". Its open refunds: ${ids}.`,
  );
}

function notClosed(
  { id }: Order,
  left: number | undefined,
  money: (amount: number) => string,
): string {
  const otherwise = "If you have paid the buyer in another way, add --paid-outside.";
  if (left === undefined) {
    return `A dispute of order ${id} is open: what is left to refund is known once it is decided. ${otherwise}`;
  }
  return `Stripe can still refund ${money(left)} of order ${id}: run ./dev ops orders retry ${id}. ${otherwise}`;
}

async function bookOutside(order: Order, refund: Refund, reason: string, deps: Deps) {
  const { id, amount } = refund;
  const made = { id, kind: "refund", amount, paidOutside: { reason } } as const;
  const { debtId } = await deps.refunds.made(order.id, made, deps.clock.now());
  await collectDebt({ builderId: order.builderId, id: debtId }, deps);
  if (order.dropId) await scheduleBoard(order.dropId, deps);
}
