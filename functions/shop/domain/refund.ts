import {
  type HoldState,
  isOrderStatus,
  moved,
  type Order,
  type OrderStatus,
  type Payment,
} from "./order.ts";
import { shippingIn } from "./order-parts.ts";
import { nextTryOf } from "./refund-requests.ts";

/**
 * A refund of an order. `requested`: decided, but Stripe may not have made it yet. `made`: booked. `failed`: it will
 * not be made. `closed`: nothing of it is left, because the money went back in another way or staff paid it outside
 * Stripe.
 */
export interface Refund {
  /** Our id, or Stripe's for a refund made elsewhere. */
  readonly id: string;
  readonly kind: "refund" | "dispute";
  readonly amount: number;
  /** What of it is for shipping. */
  readonly shipping: number;
  readonly state: "requested" | "made" | "failed" | "closed";
  /** Counts the calls to Stripe that it refused, and the changes of the amount. Part of the idempotency key. */
  readonly attempt: number;
  readonly restock: boolean;
  /** We owe it although nobody asked for it: everything that is left of the payment. */
  readonly isOwed: boolean;
  /** The builder asked for it: the platform advances only a limited amount of their part. */
  readonly isLimited: boolean;
}

/**
 * Money that has gone back: through Stripe, as a refund or a lost dispute; or through staff, who paid the buyer in
 * another way and give the reason.
 */
export interface MadeRefund {
  readonly id: string;
  readonly kind: Refund["kind"];
  readonly amount: number;
  readonly paidOutside?: { readonly reason: string };
}

/** The order before a refund is booked. */
interface BeforeRefund {
  readonly order: Order;
  readonly payment: Payment;
  /** The refund as it was decided; undefined if it was made elsewhere. */
  readonly before: Refund | undefined;
  /** The order's other refunds that are decided but not made. */
  readonly others: readonly Refund[];
}

/** What booking a refund changes. */
export interface RefundBooking {
  readonly refund: Refund;
  /** Other refunds that shrink, after the change. */
  readonly cuts: readonly Refund[];
  readonly changed: Payment;
  /** The order's new status. */
  readonly status: string;
  /** Whether the unit is for sale again. */
  readonly restock: boolean;
  /** Whether all of the order's money went back. */
  readonly isWhole: boolean;
  /** Whether the unit no longer belongs to its buyer. After a chargeback, the buyer keeps it. */
  readonly isLeaving: boolean;
}

/** States in which a full refund sends held money back. */
const WAITING: ReadonlySet<HoldState | undefined> = new Set(["held", "ended"] as const);

/**
 * Books money that has gone back. Other refunds that are not made yet shrink to what is left of the payment: an
 * owed refund without a rest is closed; a requested one that no longer fits fails.
 */
export function bookRefund(
  { order, payment, before, others }: BeforeRefund,
  made: MadeRefund,
): RefundBooking {
  // A dispute may name more than refunds have left of the charge.
  const amount = Math.min(made.amount, payment.amount - payment.refunded);
  const refunded = payment.refunded + amount;
  const asked = before?.state === "requested" ? before.amount : 0;
  const room = payment.amount - (payment.refundRequested - asked) - amount;
  const cuts = cutsOf(others, Math.max(0, -room));
  const askedShipping = before?.state === "requested" ? before.shipping : 0;
  const otherShipping = payment.refundRequestedShipping - askedShipping;
  const cutShipping = cuts.reduce((sum, { shippingBy }) => sum + shippingBy, 0);
  const decided = { ...payment, refundRequestedShipping: otherShipping - cutShipping };
  const leftBefore = room + amount + cuts.reduce((sum, { by }) => sum + by, 0);
  const shipping =
    before?.state === "requested" && before.amount === amount
      ? before.shipping
      : shippingIn(decided, leftBefore, { amount, part: "order" });
  const closed = cuts.filter(({ after }) => after.state !== "requested");
  const gone = new Set([made.id, ...closed.map(({ after }) => after.id)]);
  const refund: Refund = {
    id: made.id,
    kind: made.kind,
    amount,
    shipping,
    state: made.paidOutside ? "closed" : "made",
    attempt: before?.attempt ?? 1,
    restock: before?.restock ?? false,
    isOwed: before?.isOwed ?? false,
    isLimited: before?.isLimited ?? false,
  };
  const restock = [refund, ...cuts.map(({ after }) => after)].some((each) => each.restock);
  const isAll = refunded >= payment.amount;
  const isBack = isAll && WAITING.has(payment.hold);
  const changed: Payment = {
    ...payment,
    refunded,
    refundRequested:
      payment.refundRequested - asked + amount - cuts.reduce((sum, { by }) => sum + by, 0),
    refundRequestedShipping: decided.refundRequestedShipping + shipping,
    openRefunds: payment.openRefunds.filter((id) => !gone.has(id)),
    disputes: payment.disputes.map((dispute) =>
      dispute.id === made.id ? { ...dispute, isBooked: true } : dispute,
    ),
    ...(isBack && { hold: payment.transfer ? "released" : "returned" }),
  };
  return {
    refund,
    changed,
    restock,
    cuts: cuts.map(({ after }) => after),
    status: isAll ? finalStatus(order, made.kind) : order.fulfillmentStatus,
    isWhole: isAll,
    isLeaving: isAll && (made.kind === "refund" || restock),
  };
}

/** Shrinks refunds that are not made yet by `most` in total. */
function cutsOf(
  refunds: readonly Refund[],
  most: number,
): readonly { readonly after: Refund; readonly by: number; readonly shippingBy: number }[] {
  let left = most;
  return refunds.flatMap((refund) => {
    if (left === 0) return [];
    const by = refund.isOwed ? Math.min(left, refund.amount) : refund.amount;
    left = Math.max(0, left - by);
    if (!refund.isOwed) {
      return [{ by, shippingBy: refund.shipping, after: { ...refund, state: "failed" as const } }];
    }
    const after = nextTryOf(refund, refund.amount - by);
    return [{ by, shippingBy: refund.shipping - after.shipping, after }];
  });
}

/** The status of a fully refunded order. An order that already has a final status keeps it. */
function finalStatus(order: Order, kind: Refund["kind"]): string {
  const status = order.fulfillmentStatus;
  const to: OrderStatus = kind === "dispute" ? "charged_back" : "refunded";
  const isFinal = status === "refunded" || status === "charged_back";
  return isFinal || !isOrderStatus(status) ? status : moved(order, to);
}
