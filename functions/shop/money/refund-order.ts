import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import type { StripeRefund } from "../../../shared/clients/stripe/objects.ts";
import { type NotifyDeps, notify, notifyOperators } from "../../../shared/discord/notify.ts";
import type { Deps } from "../deps.ts";
import type { Order, Payment } from "../domain/order.ts";
import type { MadeRefund, Refund } from "../domain/refund.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "../drops/drop-board.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";
import { advanceRefusedNotice, refundRefusedNotice } from "../messages/operators.ts";
import { apology, holdEnded, refundedToBuilder, refundedToBuyer } from "../messages/payments.ts";
import { debtId } from "../store/debt-document.ts";
import type { NotBegun } from "../store/typed-refunds.ts";
import { type CollectDeps, collectDebt } from "./collect-debt.ts";

/** What refunding needs. */
export type RefundDeps = NotifyDeps &
  CollectDeps &
  ScheduleBoardDeps &
  Pick<Deps, "refunds" | "config">;

/** A requested refund; its `id` makes it idempotent. */
export interface RefundRequest {
  readonly id: string;
  readonly orderId: string;
  readonly amount: number | undefined;
  readonly restock: boolean;
  /** We owe it, all that is left of the payment: it is tried until nothing is left. */
  readonly isOwed?: boolean;
  /** The builder asks for it: the platform advances only so much of their part. */
  readonly isLimited?: boolean;
  /** Somebody typed it, and after this moment it is too old to be begun. */
  readonly deadline?: Date;
}

/**
 * A refund that was made, or why there is none. `too-little`: the builder's account cannot give their part
 * back, and it is more than the platform advances.
 */
export type RefundResult =
  | { readonly outcome: "refunded"; readonly order: Order; readonly refund: Refund }
  | { readonly outcome: "too-much"; readonly order: Order; readonly left: number }
  | { readonly outcome: "unpaid" | "disputed" | "refused" | "too-little"; readonly order: Order }
  | NotBegun;

/** A transfer of the order's money is being made: the refund has to wait until it is known. */
export class TransferUnderWayError extends Error {
  override name = "TransferUnderWayError";
}

/**
 * Refunds money: records the decision in Firestore, takes the builder's part back, makes the refund at Stripe and
 * books it. What cannot be taken from the builder becomes their debt. Throws TransferUnderWayError if it has to wait
 * for a release.
 *
 * Idempotency: the decision is stored under the request's id, a reversal or refund with that id is looked for at
 * Stripe before one is made, and the booking is done once. Crash safety: the next delivery finds the decision and
 * continues; so do the sweeper and Stripe's event of the refund.
 */
export async function refundOrder(request: RefundRequest, deps: RefundDeps): Promise<RefundResult> {
  const { refunds, stripe, clock } = deps;
  const isOwed = request.isOwed === true;
  const isLimited = request.isLimited === true;
  const decision = await refunds.begin({ ...request, isOwed, isLimited, now: () => clock.now() });
  if (decision.outcome === "releasing") {
    throw new TransferUnderWayError(`Order ${request.orderId} is being released.`);
  }
  if (decision.outcome !== "refund") return decision;
  const { order, refund } = decision;
  if (refund.state === "failed") return { outcome: "refused", order };
  if (refund.state === "closed") return { outcome: "too-much", order, left: 0 };
  if (refund.state === "requested" && !(await isCovered(order, refund, deps))) {
    await fail(order, refund, deps);
    const notice = advanceRefusedNotice(order, refund.amount);
    await notifyOperators(`refund-not-advanced:${order.id}:${refund.id}`, notice, deps);
    return { outcome: "too-little", order };
  }
  // Another delivery may have found that it is not covered, and given up the debt that this one then finds settled.
  const isGivenUp = (await refunds.get(order.id, refund.id))?.state === "failed";
  if (isGivenUp) return { outcome: "refused", order };
  const paymentIntentId = order.payment?.paymentIntentId ?? "";
  try {
    const { id, amount, attempt } = refund;
    const made = await stripe.refund({ orderId: order.id, id, paymentIntentId, amount, attempt });
    return { outcome: "refunded", ...(await bookRefund(order.id, bookingOf(made), deps)) };
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    return refused(order, refund, error, deps);
  }
}

/** Takes the builder's part back first. False when that cannot be, and is more than the platform advances. */
async function isCovered(order: Order, refund: Refund, deps: RefundDeps): Promise<boolean> {
  const { builderId, id: orderId, payment } = order;
  const debt = { builderId, id: debtId(orderId, refund.id) };
  const owed = await collectDebt(debt, deps, { isAllOrNothing: refund.isLimited });
  if (owed === 0 || !refund.isLimited) return true;
  const outstanding = await deps.debts.outstanding(builderId);
  const advanced = outstanding.get(payment?.currency ?? "") ?? 0;
  return advanced <= deps.config.REFUND_ADVANCE_LIMIT;
}

/** A refund is not made after all; what was taken of the builder for it goes back to them. */
async function fail({ id: orderId }: Order, { id }: Refund, deps: RefundDeps): Promise<void> {
  const isOwedToBuilder = await deps.refunds.refused(orderId, id, deps.clock.now());
  if (!isOwedToBuilder) return;
  await deps.publisher.publish(orderReleaseRequested, { id: `refund-failed.${id}`, orderId });
}

/**
 * What somebody typed has failed. What we owe is asked for again: all that is left by what Stripe says now,
 * since staff may have refunded a part there, or a bank has taken it back.
 */
async function refused(
  order: Order,
  refund: Refund,
  error: StripeRefusedError,
  deps: RefundDeps,
): Promise<RefundResult> {
  const { id: orderId, payment } = order;
  deps.log.error("Stripe refused a refund", error, { order: orderId, refund: refund.id });
  if (refund.isOwed) {
    const left = await deps.stripe.refundableOf(payment?.paymentIntentId ?? "");
    const now = deps.clock.now();
    const { state } = await deps.refunds.aim(orderId, refund.id, left ?? refund.amount, now);
    if (state === "closed") return { outcome: "too-much", order, left: 0 };
  } else {
    await fail(order, refund, deps);
  }
  const notice = refundRefusedNotice(order, refund.amount, error.message, refund.isOwed);
  await notifyOperators(`refund-refused:${orderId}:${refund.id}`, notice, deps);
  return { outcome: "refused", order };
}

/** Does what is left to do of a refund that was decided. */
export async function finishRefund(orderId: string, id: string, deps: RefundDeps): Promise<void> {
  const known = await deps.refunds.get(orderId, id);
  if (known?.state !== "requested") return;
  const { amount, restock, isOwed, isLimited } = known;
  await refundOrder({ id, orderId, amount, restock, isOwed, isLimited }, deps);
}

/** The refund of an auction's result that was taken back. */
export const VOIDED = "void";

/** The refund of a payment for which no unit was left, or whose auction was over. */
export const UNIT_GONE = "unit-gone";

/** The refund of held money that nobody proved in time. */
export const HOLD_ENDED = "hold-ended";

/** How a refund of Stripe's is booked: under our id, or Stripe's for one we did not ask for. */
export function bookingOf(refund: StripeRefund): MadeRefund {
  return { id: refund.refundId ?? refund.id, kind: "refund", amount: refund.amount };
}

/**
 * Books money that went back, collects the builder's part and notifies both. Doing it again finds each step
 * done.
 */
export async function bookRefund(
  orderId: string,
  made: MadeRefund,
  deps: RefundDeps,
): Promise<{ order: Order; refund: Refund }> {
  const { order, refund, debtId: id } = await deps.refunds.made(orderId, made, deps.clock.now());
  await collectDebt({ builderId: order.builderId, id }, deps);
  if (order.dropId) await scheduleBoard(order.dropId, deps);
  await tell(order, refund, deps);
  return { order, refund };
}

async function tell(order: Order, { id, kind, amount }: Refund, deps: RefundDeps): Promise<void> {
  const { id: orderId, buyerId, builderId } = order;
  if (!order.payment || kind === "dispute" || amount === 0) return;
  const paid: Order & { payment: Payment } = { ...order, payment: order.payment };
  if (id === UNIT_GONE) return notify(`apology:${orderId}`, buyerId, apology(paid), deps);
  if (id === HOLD_ENDED) {
    const message = holdEnded(paid);
    await notify(`hold-ended:${orderId}:buyer`, buyerId, message.buyer, deps);
    return notify(`hold-ended:${orderId}:builder`, builderId, message.builder, deps);
  }
  const debt = await deps.debts.get(builderId, debtId(orderId, id));
  const part = {
    amount: debt?.amount ?? 0,
    isOwed: debt !== undefined && debt.settled < debt.amount,
  };
  const key = `${orderId}:${id}`;
  await notify(`refunded:${key}`, buyerId, refundedToBuyer(paid, amount), deps);
  await notify(`refunded-by:${key}`, builderId, refundedToBuilder(paid, amount, part), deps);
}
