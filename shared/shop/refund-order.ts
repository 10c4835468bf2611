import { StripeRefusedError } from "../clients/stripe-errors.ts";
import type { StripeRefund } from "../clients/stripe-objects.ts";
import type { Order, Payment } from "../domain/order.ts";
import { refundRefusedNotice } from "../messages/operators.ts";
import { refundedToBuilder, refundedToBuyer } from "../messages/payments.ts";
import { type SendDeps, sendDmOnce, sendOnce } from "../messages/send-once.ts";
import type { Deps } from "../runtime/deps.ts";
import type { MadeRefund, Refund } from "../store/refunds.ts";
import type { NotBegun } from "../store/typed-refunds.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "./drop-board.ts";

/** What refunding needs. */
export type RefundDeps = SendDeps &
  ScheduleBoardDeps &
  Pick<Deps, "refunds" | "users" | "stripe" | "config">;

/** A refund that is wanted; `id` makes it once. */
export interface RefundWish {
  readonly id: string;
  readonly orderId: string;
  readonly amount: number | undefined;
  readonly restock: boolean;
  /** We owe it: a refusal of Stripe's is told to the operators and tried again, for ever. */
  readonly isOwed?: boolean;
  /** Somebody typed it, and after this moment it is too old to be begun. */
  readonly deadline?: Date;
}

/** A refund that was made, or why there is none. */
export type RefundResult =
  | { readonly outcome: "refunded"; readonly order: Order; readonly refund: Refund }
  | { readonly outcome: "too-much"; readonly order: Order; readonly left: number }
  | { readonly outcome: "unpaid" | "disputed" | "refused"; readonly order: Order }
  | NotBegun;

/** A transfer of the order's money is being made: the refund has to wait until it is known. */
export class TransferUnderWayError extends Error {
  override name = "TransferUnderWayError";
}

/**
 * Gives money back: decides it in Firestore, makes it at Stripe, books it, takes back the builder's
 * part. Throws TransferUnderWayError when it has to wait for a release.
 *
 * Twice: the decision is kept under the wish's id, Stripe is asked for a refund of that id before
 * one is made, the booking is done once. Dying in between: the next delivery finds the decision and
 * goes on; so does Stripe's own event of the refund.
 */
export async function refundOrder(wish: RefundWish, deps: RefundDeps): Promise<RefundResult> {
  const { refunds, stripe, clock, log } = deps;
  const decision = await refunds.begin({ ...wish, now: () => clock.now() });
  if (decision.outcome === "releasing") {
    throw new TransferUnderWayError(`Order ${wish.orderId} is being released.`);
  }
  if (decision.outcome !== "refund") return decision;
  const { order, refund } = decision;
  if (refund.state === "failed") return { outcome: "refused", order };
  const paymentIntentId = order.payment?.paymentIntentId ?? "";
  try {
    const { id, amount, attempt } = refund;
    const made = await stripe.refund({ orderId: order.id, id, paymentIntentId, amount, attempt });
    return { outcome: "refunded", ...(await bookRefund(order.id, bookingOf(made), deps)) };
  } catch (error) {
    if (!(error instanceof StripeRefusedError)) throw error;
    log.error("Stripe refused a refund", error, { order: order.id, refund: refund.id });
    if (wish.isOwed) await refunds.tryAgain(order.id, refund.id);
    else await refunds.refused(order.id, refund.id, clock.now());
    const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    const notice = refundRefusedNotice(order, refund.amount, error.message, wish.isOwed ?? false);
    await sendOnce(`refund-refused:${order.id}:${refund.id}`, channel, notice, deps);
    return { outcome: "refused", order };
  }
}

/** Does what is left to do of a refund that was decided. */
export async function finishRefund(orderId: string, id: string, deps: RefundDeps): Promise<void> {
  const known = await deps.refunds.get(orderId, id);
  if (known?.kind === "refund" && known.state === "requested") {
    const { amount, restock } = known;
    await refundOrder({ id, orderId, amount, restock, isOwed: isOurs(id) || id === VOIDED }, deps);
  } else if (known?.reversalState === "planned") {
    const { kind, amount } = known;
    await bookRefund(orderId, { id, kind, amount, reversed: 0, feeReturned: 0 }, deps);
  }
}

/** The refund of an auction's result that was taken back. */
export const VOIDED = "void";

/** Refunds that nobody asked for: we owe them, and they have words of their own. */
function isOurs(refundId: string): boolean {
  return refundId === "unit-gone" || refundId === "hold-ended";
}

/** How a refund of Stripe's is booked: under our id, or Stripe's for one we did not ask for. */
export function bookingOf(refund: StripeRefund): MadeRefund {
  const id = refund.refundId ?? refund.id;
  const { amount, reversed, feeReturned } = refund;
  return { id, kind: "refund", amount, reversed, feeReturned };
}

/**
 * Books money that went back, takes back the builder's part or makes it their debt, and tells both.
 * Doing it again finds each step done.
 */
export async function bookRefund(
  orderId: string,
  made: MadeRefund,
  deps: RefundDeps,
): Promise<{ order: Order; refund: Refund }> {
  const booked = await deps.refunds.made(orderId, made, deps.clock.now());
  const { order } = booked;
  const refund = await takeBack(order, booked.refund, deps);
  if (order.dropId) await scheduleBoard(order.dropId, deps);
  await tell(order, refund, deps);
  return { order, refund };
}

/** Takes the builder's part back from their transfer; what is not there to take, they owe. */
async function takeBack(order: Order, refund: Refund, deps: RefundDeps): Promise<Refund> {
  const transfer = order.payment?.transfer;
  if (refund.reversalState !== "planned" || !transfer) return refund;
  const taken = transfer.id ? await reverse(transfer.id, order, refund, deps) : 0;
  return deps.refunds.reversed(order, refund, taken, deps.clock.now());
}

/** How much of a transfer could be taken back: all that is left of it, or nothing. */
async function reverse(
  transferId: string,
  order: Order,
  { id, reversal: amount }: Refund,
  { stripe, log }: RefundDeps,
): Promise<number> {
  try {
    return await stripe.reverseTransfer(transferId, { causeId: `${order.id}:${id}`, amount });
  } catch (error) {
    const isEmpty =
      error instanceof StripeRefusedError && (error.isLackOfBalance || error.isLostAccount);
    if (!isEmpty) throw error;
    log.warn("A transfer could not be reversed: it is owed", { order: order.id, why: error.code });
    return 0;
  }
}

async function tell(order: Order, refund: Refund, deps: RefundDeps): Promise<void> {
  if (!order.payment || refund.kind === "dispute") return;
  const paid: Order & { payment: Payment } = { ...order, payment: order.payment };
  if (isOurs(refund.id)) return;
  const { amount, reversal, reversalState } = refund;
  const key = `${order.id}:${refund.id}`;
  const notice = { amount, reversal, isDebt: reversalState === "debt" };
  await sendDmOnce(`refunded:${key}`, order.buyerId, refundedToBuyer(paid, amount), deps);
  await sendDmOnce(`refunded-by:${key}`, order.builderId, refundedToBuilder(paid, notice), deps);
}
