import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import type { StripeRefund } from "../../../shared/clients/stripe/objects.ts";
import {
  type NotifyDeps,
  notify,
  notifyOperators,
} from "../../../shared/discord/sending/notify.ts";
import type { Deps } from "../deps.ts";
import type { Order, Payment } from "../domain/order.ts";
import type { RefundedPart } from "../domain/order-parts.ts";
import type { MadeRefund, Refund } from "../domain/refund.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "../drops/drop-board.ts";
import { orderReleaseRequested } from "../events/order-release-requested.ts";
import { advanceRefusedNotice, refundRefusedNotice } from "../messages/operators.ts";
import {
  apology,
  holdEnded,
  refundedToBuilder,
  refundedToBuyer,
  refundNotMade,
} from "../messages/payments.ts";
import { debtId } from "../store/refunds/debt-document.ts";
import type { NotBegun } from "../store/refunds/typed-refunds.ts";
import { type CollectDeps, collectDebt } from "./collect-debt.ts";

/** Dependencies of `refundOrder`. */
export type RefundDeps = NotifyDeps &
  CollectDeps &
  ScheduleBoardDeps &
  Pick<Deps, "refunds" | "config">;

/** A requested refund; its `id` makes it idempotent. */
export interface RefundRequest {
  readonly id: string;
  readonly orderId: string;
  readonly amount: number | undefined;
  /** What is refunded; items before shipping unless given. */
  readonly part?: RefundedPart | undefined;
  readonly restock: boolean;
  /** The platform owes this refund of everything that is left, so it is retried until nothing is left. */
  readonly isOwed?: boolean;
  /** The builder requested it: the platform advances at most `REFUND_ADVANCE_LIMIT` of their part. */
  readonly isLimited?: boolean;
  /** Set for a typed command: the refund is not begun after this time. */
  readonly deadline?: Date;
  /** The caller asks again while a bank disputes the payment. */
  readonly isAskedAgain?: boolean;
  /** No command waits for the result: a builder who requested it is notified if it is not made. */
  readonly isUnanswered?: boolean;
}

/**
 * The refund that was made, or why there is none. `too-little`: the builder's account cannot give back their part,
 * and the rest exceeds what the platform advances.
 */
export type RefundResult =
  | { readonly outcome: "refunded"; readonly order: Order; readonly refund: Refund }
  | { readonly outcome: "too-much"; readonly order: Order; readonly left: number }
  | { readonly outcome: "unpaid" | "disputed" | "refused" | "too-little"; readonly order: Order }
  | NotBegun;

/** The order's money is being transferred; the refund must wait for the outcome. */
export class TransferUnderWayError extends Error {
  override name = "TransferUnderWayError";
}

/** Another refund of the order may still fail; the refund of all that is left must wait for its outcome. */
class RefundUnderWayError extends Error {
  override name = "RefundUnderWayError";
}

/**
 * Refunds money: records the decision in Firestore, collects the builder's part, makes the refund at Stripe and
 * books it. What cannot be collected from the builder becomes their debt. Throws TransferUnderWayError while the
 * order's money is being released, and RefundUnderWayError while the platform owes all that is left and a refund that
 * somebody requested has no outcome yet.
 *
 * Idempotency: the decision is stored under the request's id, the client looks for a reversal or refund with that
 * id at Stripe before it makes one, and the refund is booked once. Crash safety: the next delivery finds the
 * decision and continues, and so do the sweeper and Stripe's refund event.
 */
export async function refundOrder(request: RefundRequest, deps: RefundDeps): Promise<RefundResult> {
  const { refunds, stripe, clock } = deps;
  const isOwed = request.isOwed === true;
  const isLimited = request.isLimited === true;
  const decision = await refunds.begin({ ...request, isOwed, isLimited, now: () => clock.now() });
  if (decision.outcome === "releasing") {
    throw new TransferUnderWayError(`Order ${request.orderId} is being released.`);
  }
  if (decision.outcome === "refunding") {
    throw new RefundUnderWayError(`Another refund of order ${request.orderId} is being made.`);
  }
  if (decision.outcome !== "refund") return decision;
  const { order, refund } = decision;
  if (refund.state === "failed") return { outcome: "refused", order };
  if (refund.state === "closed") return { outcome: "too-much", order, left: 0 };
  if (refund.state === "requested" && !(await isCovered(order, refund, deps))) {
    const notice = advanceRefusedNotice(order, refund.amount);
    await notifyOperators(`refund-not-advanced:${order.id}:${refund.id}`, notice, deps);
    if (request.isUnanswered) await tellNotMade(order, refund, "too-little", deps);
    await fail(order, refund, deps);
    return { outcome: "too-little", order };
  }
  // Another delivery may have found that the refund is not covered and cancelled the debt; this delivery then finds
  // nothing owed, although the refund failed.
  const isGivenUp = (await refunds.get(order.id, refund.id))?.state === "failed";
  if (isGivenUp) return { outcome: "refused", order };
  const paymentIntentId = order.payment?.paymentIntentId ?? "";
  try {
    const { id, amount, attempt } = refund;
    const made = await stripe.refund({ orderId: order.id, id, paymentIntentId, amount, attempt });
    return { outcome: "refunded", ...(await bookRefund(order.id, bookingOf(made), deps)) };
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    return refused(request, order, refund, error, deps);
  }
}

/**
 * Collects the builder's part before the refund. Returns false if that fails for a limited refund and the builder's
 * debts exceed what the platform advances.
 */
async function isCovered(order: Order, refund: Refund, deps: RefundDeps): Promise<boolean> {
  const { builderId, id: orderId, payment } = order;
  const debt = { builderId, id: debtId(orderId, refund.id) };
  const owed = await collectDebt(debt, deps, { isAllOrNothing: refund.isLimited });
  if (owed === 0 || !refund.isLimited) return true;
  const outstanding = await deps.debts.outstanding(builderId);
  const advanced = outstanding.get(payment?.currency ?? "") ?? 0;
  return advanced <= deps.config.REFUND_ADVANCE_LIMIT;
}

/** Notifies a builder who requested a refund, and has read that it goes on by itself, that it is not made after all. */
async function tellNotMade(
  order: Order,
  { id, amount, isLimited }: Refund,
  why: "refused" | "too-little",
  deps: RefundDeps,
): Promise<void> {
  if (!isLimited) return;
  const message = refundNotMade(order, amount, why);
  await notify(`refund-not-made:${order.id}:${id}`, order.builderId, message, deps);
}

/**
 * Marks a refund as failed, after everyone was notified: nothing looks at a failed refund again. If its debt was
 * already collected, requests a transfer of that money back to the builder.
 */
async function fail({ id: orderId }: Order, { id }: Refund, deps: RefundDeps): Promise<void> {
  const isOwedToBuilder = await deps.refunds.refused(orderId, id, deps.clock.now());
  if (!isOwedToBuilder) return;
  await deps.publisher.publish(orderReleaseRequested, { id: `refund-failed.${id}`, orderId });
}

/**
 * Handles a refusal by Stripe. A typed refund fails. A refund that the platform owes is retried with the amount
 * that Stripe says is left: staff may have refunded a part in the dashboard, or a bank may have taken the money
 * back.
 */
async function refused(
  request: RefundRequest,
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
  }
  const notice = refundRefusedNotice(order, refund.amount, error.message, refund.isOwed);
  await notifyOperators(`refund-refused:${orderId}:${refund.id}`, notice, deps);
  if (!refund.isOwed) {
    if (request.isUnanswered) await tellNotMade(order, refund, "refused", deps);
    await fail(order, refund, deps);
  }
  return { outcome: "refused", order };
}

/** Continues a refund that was decided and not made. */
export async function finishRefund(orderId: string, id: string, deps: RefundDeps): Promise<void> {
  const known = await deps.refunds.get(orderId, id);
  if (known?.state !== "requested") return;
  const { amount, restock, isOwed, isLimited } = known;
  const request = { id, orderId, amount, restock, isOwed, isLimited, isUnanswered: true };
  await refundOrder(request, deps);
}

/** Id of the refund for an auction whose result was voided. */
export const VOIDED = "void";

/** Id of the refund for a payment that arrived when no unit was left or its auction was over. */
export const UNIT_GONE = "unit-gone";

/** Id of the refund of held money that was not proved in time. */
export const HOLD_ENDED = "hold-ended";

/** How a Stripe refund is booked: under our id, or under Stripe's id if we did not request it. */
export function bookingOf(refund: StripeRefund): MadeRefund {
  return { id: refund.refundId ?? refund.id, kind: "refund", amount: refund.amount };
}

/**
 * Books a refund or lost dispute, collects the builder's part, and notifies buyer and builder of refunds. What is left
 * of held money may be waiting for this, so its release is requested.
 *
 * Idempotency: each step is recorded, and a release that has nothing to do does nothing. Crash safety: the sweeper
 * releases what was earned, too.
 */
export async function bookRefund(
  orderId: string,
  made: MadeRefund,
  deps: RefundDeps,
): Promise<{ order: Order; refund: Refund }> {
  const { order, refund, debtId: id } = await deps.refunds.made(orderId, made, deps.clock.now());
  await collectDebt({ builderId: order.builderId, id }, deps);
  if (order.payment?.hold === "held") {
    await deps.publisher.publish(orderReleaseRequested, { id: `refunded.${made.id}`, orderId });
  }
  if (order.dropId) await scheduleBoard(order.dropId, deps);
  await tell(order, refund, deps);
  return { order, refund };
}

async function tell(order: Order, { id, kind, amount }: Refund, deps: RefundDeps): Promise<void> {
  const { id: orderId, buyerId, builderId } = order;
  if (!order.payment || kind === "dispute" || amount === 0) return;
  const paid: Order & { payment: Payment } = { ...order, payment: order.payment };
  const toBuyer = (key: string, message: OutgoingMessage) =>
    notify(key, buyerId, { ...message, orderPage: orderId }, deps);
  if (id === UNIT_GONE) return toBuyer(`apology:${orderId}`, apology(paid));
  if (id === HOLD_ENDED) {
    const message = holdEnded(paid);
    await toBuyer(`hold-ended:${orderId}:buyer`, message.buyer);
    return notify(`hold-ended:${orderId}:builder`, builderId, message.builder, deps);
  }
  const debt = await deps.debts.get(builderId, debtId(orderId, id));
  const part = {
    amount: debt?.amount ?? 0,
    isOwed: debt !== undefined && debt.settled < debt.amount,
  };
  const key = `${orderId}:${id}`;
  await toBuyer(`refunded:${key}`, refundedToBuyer(paid, amount));
  await notify(`refunded-by:${key}`, builderId, refundedToBuilder(paid, amount, part), deps);
}
