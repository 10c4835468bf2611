import type { ChargedPayment, CheckoutSession } from "../../../shared/clients/stripe/objects.ts";
import { notify } from "../../../shared/discord/sending/notify.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { auctionSettlementDue } from "../../auctions/events/auction-tasks.ts";
import type { Deps } from "../deps.ts";
import type { Order } from "../domain/order.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "../drops/drop-board.ts";
import { heldPaymentDue } from "../events/held-payment-due.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";
import * as messages from "../messages/payments.ts";
import { holdSteps } from "../money/hold-steps.ts";
import { type RefundDeps, refundOrder, UNIT_GONE } from "../money/refund-order.ts";
import type { PaymentFacts, SettledPayment } from "../store/payments/settle-payment.ts";
import { amountsOf, type DestinationDeps, destinationOf, isAsAgreed } from "./destination.ts";

/** A payment is booked again this often while other orders of its buyer open parcels. */
const MAX_BOOKINGS = 5;

/** What settling a Checkout Session needs. */
export type SettleDeps = ScheduleBoardDeps &
  RefundDeps &
  DestinationDeps &
  Pick<Deps, "orderLinks" | "orders" | "payments" | "reservations">;

/**
 * Gives an order the current state of its Checkout Session, whatever the event: paid, processing at a bank, ended or
 * still open. This also makes up for lost events.
 *
 * Idempotency: a payment is booked once, messages are recorded, and calls to Stripe have idempotency keys. Crash
 * safety: every step finds what was done before it and continues. Order: the session is read from Stripe, not from the
 * event.
 */
export async function settleCheckout(session: CheckoutSession, deps: SettleDeps): Promise<void> {
  const order = session.orderId && (await deps.orders.get(session.orderId));
  if (!order) {
    throw new TerminalError(`Checkout Session ${session.id} belongs to no order we know.`);
  }
  if (session.payment) return settlePayment(asPaid(order), session.payment, session, deps);
  if (session.status === "expired") return end(order, session.id, "expired", deps);
  if (session.status !== "complete") return;
  if (session.hasFailed) return refuse(order, session.id, deps);
  const processing = asPaid(await deps.payments.markProcessing(order.id, deps.clock.now()));
  if (processing.fulfillmentStatus !== "processing") return;
  const message = { ...messages.bankIsWorking(processing), orderPage: order.id };
  await notify(`bank-is-working:${order.id}`, order.buyerId, message, deps);
}

async function settlePayment(
  before: messages.PaidOrder,
  payment: ChargedPayment,
  session: CheckoutSession,
  deps: SettleDeps,
): Promise<void> {
  if (!isAsAgreed(session, before)) {
    throw new TerminalError(`Order ${before.id} was paid with another amount than it asked for.`);
  }
  const facts = { ...payment, ...amountsOf(session) };
  // Made before, so that the page after Checkout, which only reads, can link to it as soon as the order is paid.
  await deps.orderLinks.keyOf(before.id);
  const settled = await book(before, facts, session, deps);
  const order = asPaid(settled.order);
  if (settled.outcome === "paid-twice") {
    throw new TerminalError(
      `Order ${order.id} was paid twice: refund ${payment.paymentIntentId} in Stripe.`,
    );
  }
  if (settled.outcome === "unit-gone") {
    return apologise(order, deps);
  }
  if (order.dropId) await scheduleBoard(order.dropId, deps);
  await settleAuctionOf(order, "paid", deps);
  await passOn(order, deps);
  const receipt = { ...messages.receipt(order), orderPage: order.id };
  await notify(`receipt:${order.id}`, order.buyerId, receipt, deps);
  await notify(`sold:${order.id}`, order.builderId, messages.sold(order), deps);
  await deps.payments.settled(order.id);
}

/** Books a payment, into the parcel that its buyer's orders share by then. */
async function book(
  order: messages.PaidOrder,
  facts: PaymentFacts,
  session: CheckoutSession,
  deps: SettleDeps,
): Promise<SettledPayment> {
  for (let attempt = 1; attempt <= MAX_BOOKINGS; attempt += 1) {
    const to = await destinationOf(order, session, deps);
    const settled = await deps.payments.settle(order.id, facts, deps.clock.now(), to);
    if (settled.outcome !== "outdated") return settled;
  }
  throw new Error(`Other orders of its buyer were faster than order ${order.id} each time.`);
}

/** Sends everything back, which says so too. While that cannot be, the sweeper asks again. */
async function apologise(order: messages.PaidOrder, deps: SettleDeps): Promise<void> {
  const request = { orderId: order.id, id: UNIT_GONE, amount: undefined, restock: false };
  const { outcome } = await refundOrder({ ...request, isOwed: true, isAskedAgain: true }, deps);
  if (outcome !== "refunded" && outcome !== "too-much") return;
  await deps.payments.settled(order.id);
}

/** The builder's money goes to them at once, or waits for the proof of work. */
async function passOn(order: messages.PaidOrder, { publisher, tasks }: SettleDeps): Promise<void> {
  const { heldUntil, hold, plan } = order.payment;
  if (hold !== "held") return;
  if (plan === "split") {
    const release = { id: `paid.${order.id}`, orderId: order.id };
    return publisher.publish(orderReleaseRequested, release);
  }
  for (const { name, at } of heldUntil ? holdSteps(heldUntil) : []) {
    const task = { id: `held-payment.${order.id}.${name}`, orderId: order.id };
    await tasks.enqueue(heldPaymentDue, task, at);
  }
}

async function end(
  order: Order,
  sessionId: string,
  to: "expired" | "cancelled",
  deps: SettleDeps,
): Promise<void> {
  await deps.reservations.giveBack(order.id, to, deps.clock.now(), sessionId);
  await showEnd(order, deps);
}

/** What an order was reserved from goes on: its drop is shown, its auction asks the next. */
export async function showEnd(order: Order, deps: SettleDeps): Promise<void> {
  if (order.dropId) await scheduleBoard(order.dropId, deps);
  await settleAuctionOf(order, "ended", deps);
}

async function settleAuctionOf(
  { id, auctionId, payment }: Order,
  why: "ended" | "paid",
  { tasks, clock }: Pick<Deps, "tasks" | "clock">,
): Promise<void> {
  if (!auctionId) return;
  const task = { id: `settle.${id}.${why}-${payment?.checkout.attempt}`, auctionId };
  await tasks.enqueue(auctionSettlementDue, task, clock.now());
}

/** Handles a bank that refused a payment after some days. */
async function refuse(order: Order, sessionId: string, deps: SettleDeps): Promise<void> {
  await end(order, sessionId, "cancelled", deps);
  const message = { ...messages.bankRefused(asPaid(order)), orderPage: order.id };
  await notify(`bank-refused:${order.id}`, order.buyerId, message, deps);
}

function asPaid(order: Order): messages.PaidOrder {
  if (!order.payment) throw new TerminalError(`Order ${order.id} was not sold here.`);
  return { ...order, payment: order.payment };
}
