import { isReserved } from "../domain/order.ts";
import { closePage } from "./checkout.ts";
import { type SettleDeps, settleCheckout, showEnd } from "./settle-checkout.ts";

/**
 * Ends a reservation that is not paid: closes its page at Stripe, then frees the unit. A page that
 * was paid meanwhile is settled instead. What was won in an auction does not expire while there never
 * was a page to pay on: settling goes on. True when the unit went back.
 *
 * Twice: the second finds nothing reserved. Dying after the page is closed: Stripe's event of it
 * frees the unit, or the task at its end.
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
