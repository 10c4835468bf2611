import { TerminalError } from "../../../shared/runtime/errors.ts";
import { type SettleDeps, settleCheckout } from "../checkout/settle-checkout.ts";
import type { Order } from "../domain/order.ts";

/**
 * The order behind a payment. Where its payment is not booked yet, it is booked first, so that what
 * arrives before it does not wait. Throws TerminalError when there is no such order: what it is about
 * is kept for the operators.
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
