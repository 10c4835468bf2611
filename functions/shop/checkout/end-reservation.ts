import { isReserved } from "../domain/order.ts";
import { closePage } from "./checkout.ts";
import { type SettleDeps, settleCheckout, showEnd } from "./settle-checkout.ts";

/**
 * Ends an unpaid reservation: expires its Checkout Session at Stripe, then frees the unit. A session that was paid
 * meanwhile is settled instead. An auction's order does not expire while it never had a session: settlement continues.
 * True if the unit went back.
 *
 * Idempotency: a second run finds nothing reserved. Crash safety: after a crash behind the session's expiry, Stripe's
 * event or the task at the reservation's end frees the unit.
 */
export async function endReservation(
  orderId: string,
  to: "expired" | "cancelled",
  deps: SettleDeps,
): Promise<boolean> {
  const order = await deps.orders.get(orderId);
  if (!order || !isReserved(order)) return false;
  const sessionId = order.payment?.checkout.sessionId;
  if (sessionId) {
    await closePage(sessionId, deps);
    const session = await deps.stripe.session(sessionId);
    if (session.status !== "expired") {
      await settleCheckout(session, deps);
      return false;
    }
  }
  if (!sessionId && order.auctionId && to === "expired") {
    await showEnd(order, deps);
    return false;
  }
  const now = deps.clock.now();
  const isGivenBack = await deps.reservations.giveBack(orderId, to, now, sessionId ?? null);
  // Its page was made at this very moment: that is closed first.
  if (!isGivenBack && !sessionId) return endReservation(orderId, to, deps);
  await showEnd(order, deps);
  return isGivenBack;
}
