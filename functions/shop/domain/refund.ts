import {
  type HoldState,
  isOrderStatus,
  moved,
  type Order,
  type OrderStatus,
  type Payment,
} from "./order.ts";

/**
 * Money that went back, or is to. `requested`: decided, Stripe may or may not have made it. `made`: booked.
 * `failed`: it will not be made. `closed`: what it was for came back in another way, by which nothing of it is
 * left, or staff paid its amount outside of Stripe.
 */
export interface Refund {
  /** Ours, or Stripe's for one that was made elsewhere. */
  readonly id: string;
  readonly kind: "refund" | "dispute";
  readonly amount: number;
  readonly state: "requested" | "made" | "failed" | "closed";
  /** Counts the calls to Stripe that it refused. */
  readonly attempt: number;
  readonly restock: boolean;
  /** Nobody asked for it, we owe it: all that is left of the payment, until none is. */
  readonly isOwed: boolean;
  /** The builder asked for it: the platform advances only so much of their part. */
  readonly isLimited: boolean;
}

/**
 * Money that has gone back: by Stripe, as a refund or a dispute that was lost; or by staff, who paid the buyer
 * in another way and say why.
 */
export interface MadeRefund {
  readonly id: string;
  readonly kind: Refund["kind"];
  readonly amount: number;
  readonly paidOutside?: { readonly reason: string };
}

/** What is known of an order when money has gone back. */
interface BeforeRefund {
  readonly order: Order;
  readonly payment: Payment;
  /** The refund that is booked, as it was decided; undefined where it was made elsewhere. */
  readonly before: Refund | undefined;
  /** The order's other refunds that are decided and not made. */
  readonly others: readonly Refund[];
}

/** What booking a refund changes. */
export interface RefundBooking {
  readonly refund: Refund;
  /** Other refunds of which less is left now, as they are then. */
  readonly cuts: readonly Refund[];
  readonly changed: Payment;
  /** The order's status then. */
  readonly status: string;
  /** Whether the unit is for sale again. */
  readonly restock: boolean;
  /** The unit is no longer its buyer's. What a bank took back stays with them. */
  readonly isLeaving: boolean;
}

/** Held money that a refund of everything sends back. */
const WAITING: ReadonlySet<HoldState | undefined> = new Set(["held", "ended"] as const);

/**
 * Books money that has gone back. What other refunds have not made yet shrinks to what is left: an owed one of
 * which nothing is left is closed, one that somebody asked for has failed.
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
  const closed = cuts.filter(({ after }) => after.state !== "requested");
  const gone = new Set([made.id, ...closed.map(({ after }) => after.id)]);
  const refund: Refund = {
    ...{ id: made.id, kind: made.kind, amount, state: made.paidOutside ? "closed" : "made" },
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
    openRefunds: payment.openRefunds.filter((id) => !gone.has(id)),
    disputes: payment.disputes.map((dispute) =>
      dispute.id === made.id ? { ...dispute, isBooked: true } : dispute,
    ),
    ...(isBack && { hold: payment.transfer ? "released" : "returned" }),
  };
  return {
    ...{ refund, changed, restock, cuts: cuts.map(({ after }) => after) },
    status: isAll ? finalStatus(order, made.kind) : order.fulfillmentStatus,
    isLeaving: isAll && (made.kind === "refund" || restock),
  };
}

/** How refunds that are not made yet shrink, so that together they are less by `most`. */
function cutsOf(
  refunds: readonly Refund[],
  most: number,
): readonly { readonly after: Refund; readonly by: number }[] {
  let left = most;
  return refunds.flatMap((refund) => {
    if (left === 0) return [];
    const by = refund.isOwed ? Math.min(left, refund.amount) : refund.amount;
    left = Math.max(0, left - by);
    if (!refund.isOwed) return [{ by, after: { ...refund, state: "failed" as const } }];
    const amount = refund.amount - by;
    const state = amount === 0 ? ("closed" as const) : refund.state;
    return [{ by, after: { ...refund, amount, state } }];
  });
}

/** Where a wholly refunded order ends. One that is there already stays. */
function finalStatus(order: Order, kind: Refund["kind"]): string {
  const status = order.fulfillmentStatus;
  const to: OrderStatus = kind === "dispute" ? "charged_back" : "refunded";
  const isFinal = status === "refunded" || status === "charged_back";
  return isFinal || !isOrderStatus(status) ? status : moved(order, to);
}
