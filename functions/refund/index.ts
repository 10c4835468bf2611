import { stripeEventReceived } from "../../shared/events/stripe-event.ts";
import { refundFailedNotice } from "../../shared/messages/operators.ts";
import { sendOnce } from "../../shared/messages/send-once.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import { orderOfPayment } from "../../shared/shop/order-of-payment.ts";
import { bookingOf, bookRefund } from "../../shared/shop/refund-order.ts";
import type { SettleDeps } from "../../shared/shop/settle-checkout.ts";

type RefundDeps = SettleDeps & Pick<Deps, "config">;

/**
 * Something has happened to a refund, ours or one made in Stripe's dashboard: it is booked, and the
 * builder's part comes back. A refund whose payment we have not booked yet books it first.
 *
 * Repeats and order do not matter: the refund is read from Stripe and booked once under its id. One
 * that failed, or was cancelled, stays booked: it is the buyer's money, back with us, and the
 * operators are told to pay it out by hand.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: RefundDeps) => {
  if (!event.type.startsWith("refund.")) return;
  const refund = await deps.stripe.refundById(event.objectId);
  const order = await orderOfPayment(refund.paymentIntentId, `Refund ${refund.id}`, deps);
  await bookRefund(order.id, bookingOf(refund), deps);
  if (refund.status !== "failed" && refund.status !== "canceled") return;
  const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  const notice = refundFailedNotice(order, refund);
  await sendOnce(`refund-failed:${refund.id}`, channel, notice, deps);
});
