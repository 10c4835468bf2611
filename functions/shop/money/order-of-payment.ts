import { TerminalError } from "../../../shared/runtime/errors.ts";
import { type SettleDeps, settleCheckout } from "../checkout/settle-checkout.ts";
import type { Order } from "../domain/order.ts";

/**
 * Returns the order that a payment belongs to. If the payment is not booked yet, books it first, so that a refund
 * or dispute that arrives before its payment can be handled. Throws TerminalError, which makes the event a dead
 * letter, if no order has this payment. `what` names the refund or dispute in the error.
 */
export async function orderOfPayment(
  paymentIntentId: string | undefined,
  what: string,
  deps: SettleDeps,
): Promise<Order> {
  const purpose = paymentIntentId ? await deps.stripe.purposeOf(paymentIntentId) : undefined;
  const orderId = purpose?.orderId;
  const order = orderId ? await deps.orders.get(orderId) : undefined;
  if (!order?.payment) throw new TerminalError(`${what} belongs to no order we know.`);
  const booked = order.payment.paymentIntentId;
  if (booked && booked !== paymentIntentId) {
    throw new TerminalError(
      `${what} is of another payment than order ${order.id} was booked with.`,
    );
  }
  if (booked) return order;
  const { sessionId } = order.payment.checkout;
  if (!sessionId) throw new Error(`Order ${order.id} has no Checkout Session yet.`);
  await settleCheckout(await deps.stripe.session(sessionId), deps);
  return (await deps.orders.get(order.id)) ?? order;
}
