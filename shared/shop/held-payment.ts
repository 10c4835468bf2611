import { holdEnded, holdWarning, type PaidOrder } from "../messages/payments.ts";
import { sendDmOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";
import { dueStep } from "./hold-steps.ts";
import { type RefundDeps, refundOrder } from "./refund-order.ts";

/** What the timed ends of held money need. */
export type HeldPaymentDeps = RefundDeps & Pick<Deps, "orders" | "releases">;

/**
 * Does what is due for an order's held money: a warning to both sides, or the whole refund. An order
 * that was proved, refunded or disputed meanwhile is left alone.
 *
 * Twice: warnings and refund have their records. Late: only the newest step is done. Dying after the
 * wait was ended: the repeat finds it ended and goes on to the refund.
 */
export async function keepHoldTimes(orderId: string, deps: HeldPaymentDeps): Promise<void> {
  const order = await deps.orders.get(orderId);
  if (!order?.payment?.heldUntil) return;
  const paid: PaidOrder = { ...order, payment: order.payment };
  const { hold, heldUntil, dispute } = paid.payment;
  const step = heldUntil && dueStep(heldUntil, deps.clock.now());
  if (!step || dispute?.outcome === "open") return;
  if (step.name === "end") {
    if (await deps.releases.end(orderId, deps.clock.now())) await giveBack(paid, deps);
    return;
  }
  if (hold !== "held" || order.proof || isRefunded(paid)) return;
  const warning = holdWarning(paid, heldUntil);
  const key = `hold-${step.name}:${orderId}`;
  await sendDmOnce(`${key}:buyer`, order.buyerId, warning.buyer, deps);
  await sendDmOnce(`${key}:builder`, order.builderId, warning.builder, deps);
}

async function giveBack(order: PaidOrder, deps: HeldPaymentDeps): Promise<void> {
  const { id: orderId, buyerId, builderId } = order;
  const wish = { id: "hold-ended", orderId, amount: undefined, restock: true };
  const { outcome } = await refundOrder({ ...wish, isOwed: true }, deps);
  if (outcome !== "refunded") return;
  const message = holdEnded(order);
  await sendDmOnce(`hold-ended:${orderId}:buyer`, buyerId, message.buyer, deps);
  await sendDmOnce(`hold-ended:${orderId}:builder`, builderId, message.builder, deps);
}

function isRefunded({ payment }: PaidOrder): boolean {
  return payment.refundRequested >= payment.amount;
}
