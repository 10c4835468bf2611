import { accountNeeded, released } from "../messages/payments.ts";
import { type SendDeps, sendDmOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";

/** What releasing needs. */
export type ReleaseDeps = SendDeps &
  Pick<Deps, "orders" | "releases" | "builders" | "users" | "stripe">;

/** A refund of the order is being made: what is left to release is known after it. */
export class RefundUnderWayError extends Error {
  override name = "RefundUnderWayError";
}

/**
 * Sends a proved order's held money to its builder, less what was refunded and what they owe.
 *
 * Twice: the transfer is decided once and kept, Stripe is asked for the order's transfer before one
 * is made. Dying in between: the decision stays, and the next delivery or the sweeper goes on. An
 * account that is not ready leaves the money held; it is asked for again when the account is.
 */
export async function releaseOrder(orderId: string, deps: ReleaseDeps): Promise<void> {
  const { orders, releases, builders, stripe, clock } = deps;
  const before = await orders.get(orderId);
  if (!before?.payment?.hold) return;
  const builder = await builders.get(before.builderId);
  const isReady = builder?.account?.state === "ACTIVE";
  if (!isReady && before.payment.hold !== "releasing") {
    if (before.payment.hold !== "held" || !before.proof) return;
    const message = accountNeeded({ ...before, payment: before.payment });
    await sendDmOnce(`account-needed:${orderId}`, before.builderId, message, deps);
    return;
  }
  const { outcome, order } = await releases.begin(orderId, clock.now());
  if (outcome === "refunding") {
    throw new RefundUnderWayError(`Order ${orderId} is being refunded.`);
  }
  const { payment } = order;
  const transfer = payment?.transfer;
  if (outcome !== "release" || !payment?.chargeId || !transfer || !builder?.account) return;
  const amount = transfer.gross - transfer.netted;
  const transferId =
    amount > 0
      ? await stripe.transfer({
          orderId,
          accountId: builder.account.id,
          chargeId: payment.chargeId,
          amount,
          currency: payment.currency,
        })
      : undefined;
  await releases.finish(orderId, transferId, clock.now());
  const key = `released:${orderId}`;
  await sendDmOnce(key, order.builderId, released({ ...order, payment }), deps);
}
