import { StripeRefusedError } from "../clients/stripe-errors.ts";
import type { Order } from "../domain/order.ts";
import { isApproved } from "../domain/standing.ts";
import { type NotifyDeps, notify, notifyOperators } from "../messages/notify.ts";
import { releaseRefusedNotice } from "../messages/operators.ts";
import { accountNeeded, released, releaseRefused } from "../messages/payments.ts";
import type { Deps } from "../runtime/deps.ts";
import { type CollectDeps, collectDebt } from "./collect-debt.ts";

/** What releasing needs. */
export type ReleaseDeps = NotifyDeps & CollectDeps & Pick<Deps, "orders" | "releases" | "builders">;

/** A refund of the order is being made: what is left to release is known after it. */
export class RefundUnderWayError extends Error {
  override name = "RefundUnderWayError";
}

/**
 * Sends an order's held money to its builder once it is proved, or once it is paid where it needs no proof:
 * less what was refunded and what they owe.
 *
 * Nothing is decided for a builder who is not approved; what was decided before goes on. When they are
 * approved again it is asked for once more. Nor is anything decided while the charge is not in Stripe's
 * books: Stripe's event of that asks again, or the sweeper.
 *
 * Twice: the transfer is decided once and kept, Stripe is asked for the order's transfer before one
 * is made. Dying in between: the decision stays, and the next delivery or the sweeper goes on. An
 * account that is not ready leaves the money held; it is asked for again when the account is. What
 * Stripe refuses is undone and the builder and the operators are notified; the sweeper asks again.
 */
export async function releaseOrder(orderId: string, deps: ReleaseDeps): Promise<void> {
  const { orders, releases, builders, clock } = deps;
  const before = await orders.get(orderId);
  if (!before?.payment?.hold) return;
  const { payment } = before;
  const builder = await builders.get(before.builderId);
  const accountId = builder?.account?.state === "ACTIVE" ? builder.account.id : undefined;
  if (payment.hold === "held") {
    if (!before.proof && payment.plan !== "split") return;
    if (!accountId) {
      if (!isApproved(builder?.standing)) return;
      const message = accountNeeded({ ...before, payment });
      await notify(`account-needed:${orderId}`, before.builderId, message, deps);
      return;
    }
    if (!payment.chargeId || !(await deps.stripe.isBooked(payment.chargeId))) return;
  }
  const { outcome, order } = await releases.begin(orderId, accountId, clock.now());
  if (outcome === "refunding") {
    throw new RefundUnderWayError(`Order ${orderId} is being refunded.`);
  }
  if (outcome === "release") await pay(order, deps);
  await tell(orderId, deps);
}

/** Makes the decided transfer. Where Stripe refuses it, everything is as it was before. */
async function pay(order: Order, deps: ReleaseDeps): Promise<void> {
  const { releases, stripe, clock } = deps;
  const { payment, id: orderId, builderId } = order;
  const sending = payment?.transfer?.sending;
  if (!payment || !sending || !payment.chargeId) return;
  const amount = sending.gross - sending.netted;
  const { chargeId, currency, releaseAttempt: attempt } = payment;
  const { accountId } = sending;
  const isReturn = (payment.transfer?.ids.length ?? 0) > 0;
  const terms = { orderId, accountId, chargeId, amount, currency, attempt, isReturn };
  try {
    const transferId = amount > 0 ? await stripe.transfer(terms) : undefined;
    const { debtId } = await releases.finish(orderId, transferId, clock.now());
    if (debtId) await collectDebt({ builderId, id: debtId }, deps);
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    deps.log.error("Stripe refused a transfer", error, { order: orderId });
    await releases.refused(orderId, clock.now());
    const notice = releaseRefusedNotice(order, error.message);
    await notifyOperators(`release-refused:${orderId}`, notice, deps);
    const message = releaseRefused({ ...order, payment });
    await notify(`release-refused-of:${orderId}`, builderId, message, deps);
  }
}

/**
 * Tells the builder of a transfer that is made, also one that an earlier run made. Of money that needs no
 * proof the notice of the sale has told them, unless debts kept some of it.
 */
async function tell(orderId: string, deps: ReleaseDeps): Promise<void> {
  const order = await deps.orders.get(orderId);
  if (order?.payment?.hold !== "released") return;
  const { payment } = order;
  const times = payment.transfer?.ids.length ?? 0;
  const isAgain = times > 1;
  const isNetted = (payment.transfer?.netted ?? 0) > 0;
  if (payment.plan === "split" && !isNetted && !isAgain) return;
  const key = isAgain ? `released:${orderId}:${times}` : `released:${orderId}`;
  await notify(key, order.builderId, released({ ...order, payment }), deps);
}
