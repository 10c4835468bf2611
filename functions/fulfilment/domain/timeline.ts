import type { Case } from "../../shipping/domain/case.ts";
import type { Order } from "../../shop/domain/order.ts";
import type { Refund } from "../../shop/domain/refund.ts";

/** A refund and when it was decided. */
export interface DatedRefund extends Pick<Refund, "kind" | "amount" | "shipping" | "state"> {
  readonly decidedAt: Date | undefined;
}

/** What a timeline is made of. */
export interface TimelineFacts {
  readonly order: Pick<Order, "payment" | "proof" | "cancellation">;
  /** Undefined on the oldest orders. */
  readonly reservedAt: Date | undefined;
  /** The parcel that the order is in, if there is one. */
  readonly parcel:
    | {
        readonly sentAt?: Date | undefined;
        readonly arrivedAt?: Date | undefined;
      }
    | undefined;
  readonly refunds: readonly DatedRefund[];
  /** What its buyer reported as wrong, if anything. */
  readonly reported: Case | undefined;
}

/** Something that happened to an order. */
export type OrderMoment =
  | {
      readonly what: "reserved" | "paid" | "built" | "cancellation" | "sent" | "arrived";
      readonly at: Date;
    }
  | {
      readonly what: "reported" | "answered" | "escalated" | "settled" | "withdrawn";
      readonly at: Date;
      readonly of: Case;
    }
  | { readonly what: "refund"; readonly at: Date; readonly refund: DatedRefund };

/**
 * What happened to an order, in order of time. What has no known time is left out. Stripe dates payments in whole
 * seconds, so of the same second a payment is later than its reservation.
 */
export function timelineOf({
  order,
  reservedAt,
  parcel,
  refunds,
  reported,
}: TimelineFacts): OrderMoment[] {
  const { payment, proof, cancellation } = order;
  const steps = [
    { what: "reserved", at: reservedAt },
    { what: "paid", at: payment?.paidAt },
    { what: "built", at: proof && new Date(proof.verifiedAtMs) },
    { what: "cancellation", at: cancellation?.askedAt },
    { what: "sent", at: parcel?.sentAt },
    { what: "arrived", at: parcel?.arrivedAt },
  ] as const;
  const moments: OrderMoment[] = steps.flatMap(({ what, at }) => (at ? [{ what, at }] : []));
  if (reported) moments.push(...caseMoments(reported));
  for (const refund of refunds) {
    const { decidedAt: at } = refund;
    if (at && (isGone(refund) || isOnItsWay(refund))) moments.push({ what: "refund", at, refund });
  }
  return moments.sort((one, other) => secondOf(one) - secondOf(other));
}

/** When it was reported and answered, and its last move; who made that is in the case. */
function caseMoments(of: Case): OrderMoment[] {
  const { state, openedAt, answeredAt, updatedAt } = of;
  const moments: OrderMoment[] = [{ what: "reported", at: openedAt, of }];
  if (answeredAt) moments.push({ what: "answered", at: answeredAt, of });
  if (state !== "open" && state !== "answered") moments.push({ what: state, at: updatedAt, of });
  return moments;
}

function secondOf({ at }: OrderMoment): number {
  return Math.floor(at.getTime() / 1000);
}

/** Whether a refund's money went back: through Stripe, or paid by staff, who closed the refund. */
export function isGone({ state, amount }: Pick<Refund, "state" | "amount">): boolean {
  return state === "made" || (state === "closed" && amount > 0);
}

/** Whether a refund is decided and its money has not gone back yet. */
export function isOnItsWay({ state }: Pick<Refund, "state">): boolean {
  return state === "requested";
}
