import type { CheckoutSession, StripeDispute } from "../../shared/clients/stripe-objects.ts";
import type { Dispute } from "../../shared/domain/order.ts";
import { orderReleaseRequested } from "../../shared/events/order-release-requested.ts";
import { saleRefunded } from "../../shared/events/sale.ts";
import { stripeEventReceived } from "../../shared/events/stripe-event.ts";
import { disputeNotice, merchDisputeReversedNotice } from "../../shared/messages/operators.ts";
import { sendOnce } from "../../shared/messages/send-once.ts";
import { merchDispute, merchOfPayment, merchSaleId } from "../../shared/race/merch.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";
import { orderOfPayment } from "../../shared/shop/order-of-payment.ts";
import { bookRefund } from "../../shared/shop/refund-order.ts";
import type { SettleDeps } from "../../shared/shop/settle-checkout.ts";
import { collectEvidence } from "./evidence.ts";

type DisputeDeps = SettleDeps & Pick<Deps, "config" | "publisher" | "disputes" | "sales">;

/**
 * A buyer's bank contests a charge: the order's release is frozen and the staff are told with the
 * evidence there is. Lost, it is booked like a refund; won, a proved order is released.
 *
 * Of merch only the outcome counts: lost, it takes the sale's shares back. An appeal that turns it over
 * is followed, and the staff are told. Its evidence is Stripe's dashboard's to collect.
 *
 * Repeats and order do not matter: the dispute is read from Stripe, an outcome once kept stays, the
 * booking is made under the dispute's id and each notice has its record. Of an order an outcome that an
 * appeal turned over is for the staff to settle.
 */
export const handler = subscriber(stripeEventReceived, async (event, deps: DisputeDeps) => {
  if (!event.type.startsWith("charge.dispute.")) return;
  const dispute = await deps.stripe.dispute(event.objectId);
  const merch = await merchOfPayment(dispute.paymentIntentId, deps);
  if (merch) return disputeOfMerch(merch, dispute, deps);
  const outcome = outcomeOf(dispute);
  const order = await orderOfPayment(dispute.paymentIntentId, `Dispute ${dispute.id}`, deps);
  const { id, amount } = dispute;
  const after = await deps.disputes.record(order.id, { id, amount, outcome }, deps.clock.now());

  const evidence = await collectEvidence(after, deps);
  const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  const kept = after.payment?.dispute;
  const isReversed = kept?.id === id && kept.outcome !== outcome;
  const notice = disputeNotice(after, { ...dispute, outcome }, evidence, isReversed);
  await sendOnce(`dispute:${id}:${outcome}`, channel, notice, deps);
  if (isReversed) return;
  if (outcome === "lost") {
    await bookRefund(order.id, { id, kind: "dispute", amount, reversed: 0, feeReturned: 0 }, deps);
  }
  if (outcome === "won") {
    const release = { id: `dispute-won.${id}`, orderId: order.id };
    await deps.publisher.publish(orderReleaseRequested, release);
  }
});

async function disputeOfMerch(
  merch: CheckoutSession,
  dispute: StripeDispute,
  deps: DisputeDeps,
): Promise<void> {
  const { id } = dispute;
  const read = async () => outcomeOf(await deps.stripe.dispute(id));
  const now = await deps.sales.disputeTurn(merchSaleId(merch), id, read);
  if (now.outcome === "open") return;
  await deps.publisher.publish(saleRefunded, merchDispute(merch, dispute, now));
  if (now.turn === 1) return;
  const notice = merchDisputeReversedNotice({ ...dispute, outcome: now.outcome });
  const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  await sendOnce(`dispute:${id}:${now.turn}`, channel, notice, deps);
}

/** https://docs.stripe.com/disputes/how-disputes-work: an early warning takes no money. */
function outcomeOf({ status }: StripeDispute): Dispute["outcome"] {
  if (status === "lost") return "lost";
  return ["won", "warning_closed", "prevented"].includes(status) ? "won" : "open";
}
