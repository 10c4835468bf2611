import { StripeRefusedError } from "../clients/stripe-errors.ts";
import type { Order } from "../domain/order.ts";
import { isApproved } from "../domain/standing.ts";
import { releaseRefusedNotice } from "../messages/operators.ts";
import { accountNeeded, released } from "../messages/payments.ts";
import { type SendDeps, sendDmOnce, sendOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";

/** What releasing needs. */
export type ReleaseDeps = SendDeps &
  Pick<Deps, "orders" | "releases" | "builders" | "users" | "stripe" | "config" | "log">;

/** A refund of the order is being made: what is left to release is known after it. */
export class RefundUnderWayError extends Error {
  override name = "RefundUnderWayError";
}

/**
 * Sends a proved order's held money to its builder, less what was refunded and what they owe.
 *
 * Nothing is decided for a builder who is not approved; what was decided before goes on. When they are
 * approved again it is asked for once more.
 *
 * Twice: the transfer is decided once and kept, Stripe is asked for the order's transfer before one
 * is made. Dying in between: the decision stays, and the next delivery or the sweeper goes on. An
 * account that is not ready leaves the money held; it is asked for again when the account is. What
 * Stripe refuses is undone and told to the operators; the sweeper asks again.
 */
export async function releaseOrder(orderId: string, deps: ReleaseDeps): Promise<void> {
  const { orders, releases, builders, clock } = deps;
  const before = await orders.get(orderId);
  if (!before?.payment?.hold) return;
  const builder = await builders.get(before.builderId);
  const isReady = builder?.account?.state === "ACTIVE";
  if (!isReady && before.payment.hold !== "releasing") {
    if (before.payment.hold !== "held" || !before.proof) return;
    if (!isApproved(builder?.standing)) return;
    const message = accountNeeded({ ...before, payment: before.payment });
    await sendDmOnce(`account-needed:${orderId}`, before.builderId, message, deps);
    return;
  }
  const { outcome, order } = await releases.begin(orderId, clock.now());
  if (outcome === "refunding") {
    throw new RefundUnderWayError(`Order ${orderId} is being refunded.`);
  }
  const accountId = builder?.account?.id;
  if (outcome === "release" && accountId && !(await pay(order, accountId, deps))) return;
  await tell(orderId, deps);
}

/** Makes the decided transfer; false when Stripe refuses it, and everything is as it was before. */
async function pay(order: Order, accountId: string, deps: ReleaseDeps): Promise<boolean> {
  const { releases, stripe, clock } = deps;
  const { payment, id: orderId } = order;
  if (!payment?.transfer || !payment.chargeId) return false;
  const amount = payment.transfer.gross - payment.transfer.netted;
  const { chargeId, currency, releaseAttempt: attempt } = payment;
  const terms = { orderId, accountId, chargeId, amount, currency, attempt };
  try {
    const transferId = amount > 0 ? await stripe.transfer(terms) : undefined;
    await releases.finish(orderId, transferId, clock.now());
    return true;
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    deps.log.error("Stripe refused a transfer", error, { order: orderId });
    await releases.refused(orderId, clock.now());
    const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    const notice = releaseRefusedNotice(order, error.message);
    await sendOnce(`release-refused:${orderId}`, channel, notice, deps);
    return false;
  }
}

/** Tells the builder of a transfer that is made, also one that an earlier run made. */
async function tell(orderId: string, deps: ReleaseDeps): Promise<void> {
  const order = await deps.orders.get(orderId);
  if (order?.payment?.hold !== "released") return;
  const message = released({ ...order, payment: order.payment });
  await sendDmOnce(`released:${orderId}`, order.builderId, message, deps);
}
