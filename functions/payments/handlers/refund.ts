import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import type { CheckoutSession, StripeRefund } from "../../../shared/clients/stripe/objects.ts";
import { stripeEventReceived } from "../../../shared/events/stripe-event.ts";
import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import { saleRefunded } from "../../races/events/sale.ts";
import type { SettleDeps } from "../../shop/checkout/settle-checkout.ts";
import { refundFailedNotice } from "../../shop/messages/operators.ts";
import { orderOfPayment } from "../../shop/money/order-of-payment.ts";
import { bookingOf, bookRefund } from "../../shop/money/refund-order.ts";
import type { Deps } from "../deps.ts";
import { merchRefundFailedNotice } from "../messages/operators.ts";
import { reportFailedRefund } from "../service/failed-refund.ts";
import { merchRefund, purposeOfPayment } from "../service/merch.ts";

type RefundDeps = SettleDeps & Pick<Deps, "config" | "publisher" | "sales" | "sentMessages">;

/**
 * Handles a change of a refund, made by us or in Stripe's dashboard: it is booked, and the builder's part comes
 * back. If its payment is not booked yet, that is booked first. For merch, the sale is updated with the total
 * refunded so far. Sales made elsewhere are ignored.
 *
 * A refund that failed or was cancelled stays booked: the money is the buyer's and is back with us, and the
 * operators are notified to pay it out by hand.
 *
 * Idempotency: repeats and order do not matter, because the refund is read from Stripe and booked once under its id.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: RefundDeps) => {
  if (!event.type.startsWith("refund.")) return;
  const refund = await deps.stripe.refundById(event.objectId);
  const purpose = await purposeOfPayment(refund.paymentIntentId, deps);
  if (purpose.kind === "foreign") {
    deps.log.info("A refund belongs to a sale made elsewhere", { refund: refund.id });
    return;
  }
  const notice =
    purpose.kind === "merch"
      ? await refundMerch(refund, purpose.session, deps)
      : await refundOfOrder(refund, deps);
  await reportFailedRefund(refund, notice, deps);
});

/** Books a refund of an order; returns the notice for the operators in case it failed. */
async function refundOfOrder(refund: StripeRefund, deps: RefundDeps): Promise<OutgoingMessage> {
  const order = await orderOfPayment(refund.paymentIntentId, `Refund ${refund.id}`, deps);
  await bookRefund(order.id, bookingOf(refund), deps);
  return refundFailedNotice(order, refund);
}

/** Publishes a refund of merch; returns the notice for the operators in case it failed. */
async function refundMerch(
  refund: StripeRefund,
  merch: CheckoutSession,
  deps: RefundDeps,
): Promise<OutgoingMessage> {
  const taken = merchRefund(merch);
  if (taken) await deps.publisher.publish(saleRefunded, taken);
  return merchRefundFailedNotice(refund, merch.payment?.currency ?? merch.currency);
}
