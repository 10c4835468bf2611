import type { SessionNews } from "../../../shared/clients/stripe/lists.ts";
import type {
  CheckoutSession,
  StripeDispute,
  StripeRefund,
  StripeTransfer,
} from "../../../shared/clients/stripe/objects.ts";
import { describeError } from "../../../shared/runtime/errors.ts";
import { saleMade, saleRefunded } from "../../races/events/sale.ts";
import {
  comparePayoutTransfer,
  payoutsWithoutTransfer,
  type ReconcilePayoutDeps,
} from "../../races/wallet/reconcile-payouts.ts";
import { type SettleDeps, settleCheckout } from "../../shop/checkout/settle-checkout.ts";
import type { Order } from "../../shop/domain/order.ts";
import { refundFailedNotice } from "../../shop/messages/operators.ts";
import { orderOfPayment } from "../../shop/money/order-of-payment.ts";
import { bookingOf, bookRefund } from "../../shop/money/refund-order.ts";
import { type ReleaseDeps, releaseOrder } from "../../shop/money/release-order.ts";
import { merchRefundFailedNotice } from "../messages/operators.ts";
import { reportFailedRefund } from "./failed-refund.ts";
import { type DisputeDeps, followDispute } from "./follow-dispute.ts";
import { merchRefund, merchSale, purposeOfPayment } from "./merch.ts";
import { followMerchDispute } from "./merch-dispute.ts";

/** Dependencies of comparing with Stripe. */
export type ReconcileDeps = SettleDeps & ReleaseDeps & ReconcilePayoutDeps & DisputeDeps;

/** One difference between our orders and Stripe. */
export interface Difference {
  /** Our or Stripe's id of the object that differs. */
  readonly id: string;
  readonly orderId: string | undefined;
  readonly what: string;
  readonly isRepaired: boolean;
}

/** The numbers of compared objects, and the differences. */
export interface Reconciliation {
  readonly compared: { sessions: number; refunds: number; transfers: number; disputes: number };
  readonly differences: readonly Difference[];
  /** Errors of Stripe lists that could not be read to the end. */
  readonly unread: readonly unknown[];
}

/**
 * Compares orders and payouts with Stripe's sessions, refunds and disputes that had events since `since`, and with
 * the transfers made or reversed since, and makes up for lost events. It reports what it cannot repair; an
 * unreadable list does not stop the others. Once no time is left, nothing further is read: Stripe may take most of a
 * minute to fail for each list. Idempotent, also while the events themselves are processed.
 */
export async function reconcile(
  since: Date,
  deps: ReconcileDeps,
  isTimeLeft = () => true,
): Promise<Reconciliation> {
  const differences: Difference[] = [];
  const unread: unknown[] = [];
  const compared = { sessions: 0, refunds: 0, transfers: 0, disputes: 0 };
  const check = async (id: string, work: () => Promise<Difference | undefined>) => {
    try {
      const difference = await work();
      if (difference) differences.push(difference);
    } catch (error) {
      const what = describeError(error);
      differences.push({ id, orderId: undefined, what, isRepaired: false });
    }
  };
  const checkTime = () => {
    if (!isTimeLeft()) throw new Error("No time was left to read more of Stripe");
  };
  const checkList = async (list: () => Promise<void>) => {
    try {
      checkTime();
      await list();
    } catch (error) {
      unread.push(error);
    }
  };
  const checkEach = <T extends { readonly id: string }>(
    name: keyof Reconciliation["compared"],
    items: AsyncIterable<T>,
    work: (item: T) => Promise<Difference | undefined>,
  ) =>
    checkList(async () => {
      for await (const item of items) {
        checkTime();
        compared[name] += 1;
        await check(item.id, () => work(item));
      }
    });
  const { stripe } = deps;
  const sessions = stripe.sessionsSince(since, (news) => isDone(news, deps));
  await checkEach("sessions", sessions, (each) => reconcileSession(each, deps));
  await checkEach("refunds", stripe.refundsSince(since), (each) => reconcileRefund(each, deps));
  await checkList(async () => {
    const withoutTransfer = await payoutsWithoutTransfer(since, deps);
    const atStripe = new Set<string>();
    for await (const transfer of stripe.transfersSince(since)) {
      checkTime();
      compared.transfers += 1;
      atStripe.add(transfer.id);
      await check(transfer.id, () => reconcileTransfer(transfer, deps));
    }
    differences.push(...withoutTransfer(atStripe));
    checkTime();
    for await (const transfer of stripe.reversedTransfersSince(since)) {
      if (atStripe.has(transfer.id)) continue;
      await check(transfer.id, () => reconcileTransfer(transfer, deps));
    }
  });
  await checkEach("disputes", stripe.disputesSince(since), (each) => reconcileDispute(each, deps));
  return { compared, differences, unread };
}

async function reconcileSession(
  session: CheckoutSession,
  deps: ReconcileDeps,
): Promise<Difference | undefined> {
  if (!session.orderId) return reconcileMerch(session, deps);
  const before = await deps.orders.get(session.orderId);
  if (before && isSettled(before, session)) return undefined;
  await settleCheckout(session, deps);
  const after = await deps.orders.get(session.orderId);
  if (before?.fulfillmentStatus === after?.fulfillmentStatus) return undefined;
  const what = `The order was ${before?.fulfillmentStatus}, its session says ${after?.fulfillmentStatus}.`;
  return { id: session.id, orderId: session.orderId, what, isRepaired: true };
}

/** Paid merch is a sale; a sale that was never reported is published now. */
async function reconcileMerch(
  session: CheckoutSession,
  deps: ReconcileDeps,
): Promise<Difference | undefined> {
  const sale = await merchSale(session, deps);
  if (!sale || (await deps.sales.get(sale.id))) return undefined;
  await deps.publisher.publish(saleMade, sale);
  const what = "Merch was paid for, and its sale was not booked.";
  return { id: session.id, orderId: undefined, what, isRepaired: true };
}

/** A refund of merch is taken back from its sale, by this or by its event. */
async function reconcileMerchRefund(
  refund: StripeRefund,
  merch: CheckoutSession,
  deps: ReconcileDeps,
): Promise<Difference | undefined> {
  const currency = merch.payment?.currency ?? merch.currency;
  const isReported = await reportFailedRefund(
    refund,
    merchRefundFailedNotice(refund, currency),
    deps,
  );
  if (isReported) return failedRefund(refund, undefined);
  const taken = merchRefund(merch);
  const sale = taken && (await deps.sales.get(taken.saleId));
  if (!sale) return undefined;
  const heard = (await deps.sales.findRefund(taken.saleId, taken.refundId))?.amount ?? 0;
  if (heard >= taken.amount) return undefined;
  await deps.publisher.publish(saleRefunded, taken);
  const what = `Of merch ${taken.amount} were refunded, and we had heard of ${heard}.`;
  return { id: refund.id, orderId: undefined, what, isRepaired: true };
}

/** Whether an order already has everything that its session's event can change. */
async function isDone(
  { orderId, isPaid, hasEnded }: SessionNews,
  { orders }: ReconcileDeps,
): Promise<boolean> {
  const { fulfillmentStatus, payment } = (await orders.get(orderId)) ?? {};
  if (isPaid) return payment?.paidAt !== undefined;
  return hasEnded && fulfillmentStatus !== "reserved" && fulfillmentStatus !== "processing";
}

/** Whether an order is what its session says; what is left to do after a payment has its own sweep. */
function isSettled({ fulfillmentStatus, payment }: Order, session: CheckoutSession): boolean {
  if (session.payment) return payment?.paymentIntentId === session.payment.paymentIntentId;
  return session.status === "open" || fulfillmentStatus !== "reserved";
}

async function reconcileRefund(
  refund: StripeRefund,
  deps: ReconcileDeps,
): Promise<Difference | undefined> {
  const purpose = await purposeOfPayment(refund.paymentIntentId, deps);
  if (purpose.kind === "foreign") return undefined;
  if (purpose.kind === "merch") return reconcileMerchRefund(refund, purpose.session, deps);
  const order = await orderOfPayment(refund.paymentIntentId, `Refund ${refund.id}`, deps);
  const booking = bookingOf(refund);
  const before = await deps.refunds.get(order.id, booking.id);
  if (before?.state !== "made") await bookRefund(order.id, booking, deps);
  if (await reportFailedRefund(refund, refundFailedNotice(order, refund), deps)) {
    return failedRefund(refund, order.id);
  }
  if (before?.state === "made") return undefined;
  const what = `A refund of ${refund.amount} was not booked.`;
  return { id: refund.id, orderId: order.id, what, isRepaired: true };
}

function failedRefund({ id, status }: StripeRefund, orderId: string | undefined): Difference {
  const what = `The refund is ${status}, and the operators had not been notified.`;
  return { id, orderId, what, isRepaired: true };
}

async function reconcileDispute(
  dispute: StripeDispute,
  deps: ReconcileDeps,
): Promise<Difference | undefined> {
  const { id, outcome } = dispute;
  const difference = (what: string, isRepaired: boolean, orderId?: string) => ({
    id,
    orderId,
    what,
    isRepaired,
  });
  const purpose = await purposeOfPayment(dispute.paymentIntentId, deps);
  if (purpose.kind === "foreign") return undefined;
  if (purpose.kind === "merch") {
    const isLaterReport = await followMerchDispute(purpose.session, dispute, deps);
    return isLaterReport
      ? difference(`A dispute of merch is ${outcome}, and was not booked.`, true)
      : undefined;
  }
  const order = await orderOfPayment(dispute.paymentIntentId, `Dispute ${id}`, deps);
  const known = order.payment?.disputes.find((each) => each.id === id);
  if (known?.isBooked && known.outcome !== outcome) {
    const what = `The order knows it as ${known.outcome}, at Stripe it is ${outcome}.`;
    return difference(what, false, order.id);
  }
  const isBooked = outcome !== "lost" || known?.isBooked === true;
  const isKnown = known?.outcome === outcome && known.withdrawn === dispute.withdrawn;
  if (known?.isBooked || (isKnown && isBooked)) return undefined;
  await followDispute(dispute, deps);
  return difference(`The order did not know that it is ${outcome}.`, true, order.id);
}

async function reconcileTransfer(
  transfer: StripeTransfer,
  deps: ReconcileDeps,
): Promise<Difference | undefined> {
  if (transfer.payoutId) return comparePayoutTransfer(transfer, transfer.payoutId, deps);
  // A transfer that we did not make.
  if (!transfer.orderId) return undefined;
  const { orderId } = transfer;
  const order = await deps.orders.get(orderId);
  const difference = (what: string, isRepaired: boolean) => ({
    id: transfer.id,
    orderId,
    what,
    isRepaired,
  });
  if (!order?.payment) return difference("It belongs to no order we know.", false);
  const { hold, transfer: booked, releaseAttempt } = order.payment;
  if (booked?.ids.includes(transfer.id)) {
    // Our own reversals are booked before they are made. Anything beyond that was reversed by hand and is not
    // booked.
    const reversed = transfer.amountReversed > 0 ? await deps.debts.reversedOf(order) : 0;
    if (transfer.amountReversed <= reversed) return undefined;
    const what = `${transfer.amountReversed} of it was reversed, the order says ${reversed}.`;
    return difference(what, false);
  }
  if (hold === "releasing" && transfer.attempt === releaseAttempt) {
    await releaseOrder(orderId, deps);
    return difference("Its release was not finished.", true);
  }
  return difference(`The order knows ${booked?.ids.join(", ") || "no transfer"} instead.`, false);
}
