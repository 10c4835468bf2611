import type { StripeDispute } from "../../../shared/clients/stripe/objects.ts";
import { notify, notifyOperators } from "../../../shared/discord/sending/notify.ts";
import { orderDisputed } from "../../fulfilment/events/order-disputed.ts";
import type { SettleDeps } from "../../shop/checkout/settle-checkout.ts";
import type { Order } from "../../shop/domain/order.ts";
import { orderReleaseRequested } from "../../shop/events/order-release-requested.ts";
import { disputeToBuilder } from "../../shop/messages/disputes.ts";
import { collectDebt } from "../../shop/money/collect-debt.ts";
import { orderOfPayment } from "../../shop/money/order-of-payment.ts";
import { bookRefund } from "../../shop/money/refund-order.ts";
import type { Deps } from "../deps.ts";
import { disputeNotice } from "../messages/operators.ts";
import { collectEvidence } from "./dispute-evidence.ts";
import { purposeOfPayment } from "./merch.ts";
import { followMerchDispute, type MerchDisputeDeps } from "./merch-dispute.ts";

/** Dependencies of following disputes. */
export type DisputeDeps = SettleDeps &
  MerchDisputeDeps &
  Pick<Deps, "config" | "disputes" | "parcels" | "sentMessages">;

/**
 * Applies the current state of a dispute at Stripe to its order or merch sale. While an order's dispute is open,
 * nothing of it is released, and the builder owes their part of what the bank has taken. A lost dispute is booked like
 * a refund; after a won one, the builder gets their part again. Staff and builder are notified of each change. Disputes
 * of sales made elsewhere are ignored. If an appeal overturns a booked outcome, the staff settle it.
 *
 * Idempotency: repeats and order do not matter, because the state is read from Stripe when it is stored, the booking has
 * the dispute's id, and each notice is sent once. Crash safety: the next delivery does everything again.
 */
export async function followDispute(seen: StripeDispute, deps: DisputeDeps): Promise<void> {
  const { id, paymentIntentId } = seen;
  const purpose = await purposeOfPayment(paymentIntentId, deps);
  if (purpose.kind === "foreign") {
    deps.log.info("A dispute belongs to a sale made elsewhere", { dispute: id });
    return;
  }
  if (purpose.kind === "merch") return void (await followMerchDispute(purpose.session, seen, deps));
  const { id: orderId } = await orderOfPayment(paymentIntentId, `Dispute ${id}`, deps);
  const read = () => deps.stripe.dispute(id);
  const {
    order,
    fact: dispute,
    debtId,
  } = await deps.disputes.record(orderId, read, deps.clock.now());
  if (debtId) await collectDebt({ builderId: order.builderId, id: debtId }, deps);

  const known = order.payment?.disputes.find((each) => each.id === id);
  const { outcome, withdrawn } = dispute;
  const isReversed = known?.isBooked === true && outcome !== "lost";
  if (outcome === "lost") {
    await bookRefund(orderId, { id, kind: "dispute", amount: withdrawn }, deps);
    await passOnFee(order, dispute, deps);
  }
  if (!isReversed && outcome === "won") {
    const release = { id: `dispute-won.${id}`, orderId };
    await deps.publisher.publish(orderReleaseRequested, release);
  }
  const event = { id: `dispute.${id}.${turnOf(dispute)}`, orderId, disputeId: id };
  await deps.publisher.publish(orderDisputed, event);
  await tell(order, dispute, isReversed, deps);
}

/** Adds Stripe's fee for a lost dispute to the builder's debts, if the platform is configured to pass it on. */
async function passOnFee(
  order: Order,
  { id, fee, currency }: StripeDispute,
  deps: DisputeDeps,
): Promise<void> {
  if (!isPassedOn(fee, deps)) return;
  const debt = { cause: `${id}-fee`, amount: fee, currency };
  const debtId = await deps.debts.add(order, debt, deps.clock.now());
  await collectDebt({ builderId: order.builderId, id: debtId }, deps);
}

function isPassedOn(fee: number, { config }: Pick<DisputeDeps, "config">): boolean {
  return config.DISPUTE_FEE_PAID_BY === "builder" && fee > 0;
}

async function tell(
  order: Order,
  dispute: StripeDispute,
  isReversed: boolean,
  deps: DisputeDeps,
): Promise<void> {
  const evidence = await collectEvidence(order, deps);
  const notice = disputeNotice(order, dispute, evidence, isReversed);
  await notifyOperators(`dispute:${dispute.id}:${turnOf(dispute)}`, notice, deps);
  if (!order.payment) return;
  // The builder is notified of a booked loss even if an appeal overturned it first.
  const booked: StripeDispute = isReversed ? { ...dispute, outcome: "lost" } : dispute;
  const fee = isPassedOn(dispute.fee, deps) ? dispute.fee : 0;
  const message = disputeToBuilder({ ...order, payment: order.payment }, booked, fee);
  await notify(`dispute-of:${dispute.id}:${turnOf(booked)}`, order.builderId, message, deps);
}

function turnOf({ outcome, isInquiry }: StripeDispute): string {
  return outcome === "open" && isInquiry ? "inquiry" : outcome;
}
