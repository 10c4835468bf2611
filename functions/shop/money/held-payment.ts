import { notify } from "../../../shared/discord/sending/notify.ts";
import type { Deps } from "../deps.ts";
import { openDisputes } from "../domain/builder-part.ts";
import { holdWarning, type PaidOrder } from "../messages/payments.ts";
import { dueStep, warningKeys } from "./hold-steps.ts";
import { HOLD_ENDED, type RefundDeps, refundOrder } from "./refund-order.ts";

/** Dependencies of `keepHoldTimes`. */
export type HeldPaymentDeps = RefundDeps & Pick<Deps, "orders" | "releases">;

/**
 * Runs the step that is due for an order's held money: warns both sides, or refunds everything. Ignores an order
 * that was proved, refunded or disputed in the meantime.
 *
 * Idempotency: warnings and the refund are recorded. Lateness: only the newest due step runs. Crash safety: after a
 * crash between ending the hold and the refund, the next run finds the hold ended and continues with the refund.
 */
export async function keepHoldTimes(orderId: string, deps: HeldPaymentDeps): Promise<void> {
  const order = await deps.orders.get(orderId);
  if (!order?.payment?.heldUntil) return;
  const paid: PaidOrder = { ...order, payment: order.payment };
  const { hold, heldUntil } = order.payment;
  const step = dueStep(heldUntil, deps.clock.now());
  if (!step || openDisputes(paid.payment).length > 0) return;
  if (step.name === "end") {
    if (!(await deps.releases.end(orderId, deps.clock.now()))) return;
    const request = { id: HOLD_ENDED, orderId, amount: undefined, restock: true };
    await refundOrder({ ...request, isOwed: true }, deps);
    return;
  }
  if (hold !== "held" || order.proof || isRefunded(paid)) return;
  const warning = holdWarning(paid, heldUntil);
  const key = warningKeys(paid, step.name).at(-1);
  await notify(`${key}:buyer`, order.buyerId, { ...warning.buyer, orderPage: orderId }, deps);
  await notify(`${key}:builder`, order.builderId, warning.builder, deps);
}

function isRefunded({ payment }: PaidOrder): boolean {
  return payment.refundRequested >= payment.amount;
}
