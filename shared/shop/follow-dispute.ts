import type { StripeDispute } from "../clients/stripe-objects.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";
import { disputeNotice } from "../messages/operators.ts";
import { sendOnce } from "../messages/send-once.ts";
import { purposeOfPayment } from "../race/merch.ts";
import { followMerchDispute, type MerchDisputeDeps } from "../race/merch-dispute.ts";
import type { Deps } from "../runtime/deps.ts";
import { collectEvidence } from "./dispute-evidence.ts";
import { orderOfPayment } from "./order-of-payment.ts";
import { bookRefund } from "./refund-order.ts";
import type { SettleDeps } from "./settle-checkout.ts";

/** What following disputes needs. */
export type DisputeDeps = SettleDeps & MerchDisputeDeps & Pick<Deps, "config" | "disputes">;

/**
 * Brings an order, or merch, to where Stripe says its dispute is. An order's release is frozen and the staff
 * are notified with the evidence there is. Sales made elsewhere are left alone. Lost, it is booked like a
 * refund; won, a proved order is released.
 *
 * Repeats and order do not matter: an outcome once kept stays, the booking is made under the dispute's id and
 * each notice has its record. Of an order an outcome that an appeal turned over is for the staff to settle.
 * Dying half-way, all of it is done again.
 */
export async function followDispute(dispute: StripeDispute, deps: DisputeDeps): Promise<void> {
  const { id, amount, outcome } = dispute;
  const purpose = await purposeOfPayment(dispute.paymentIntentId, deps);
  if (purpose.kind === "foreign") {
    deps.log.info("A dispute belongs to a sale made elsewhere", { dispute: id });
    return;
  }
  if (purpose.kind === "merch")
    return void (await followMerchDispute(purpose.session, dispute, deps));
  const order = await orderOfPayment(dispute.paymentIntentId, `Dispute ${id}`, deps);
  const after = await deps.disputes.record(order.id, { id, amount, outcome }, deps.clock.now());

  const evidence = await collectEvidence(after, deps);
  const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
  const kept = after.payment?.dispute;
  const isReversed = kept?.id === id && kept.outcome !== outcome;
  const notice = disputeNotice(after, dispute, evidence, isReversed);
  await sendOnce(`dispute:${id}:${outcome}`, channel, notice, deps);
  if (!isReversed && outcome === "lost") {
    await bookRefund(order.id, { id, kind: "dispute", amount, reversed: 0, feeReturned: 0 }, deps);
  }
  if (!isReversed && outcome === "won") {
    const release = { id: `dispute-won.${id}`, orderId: order.id };
    await deps.publisher.publish(orderReleaseRequested, release);
  }
}
