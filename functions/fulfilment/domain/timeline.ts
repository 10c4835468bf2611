import type { Case } from "../../shipping/domain/case.ts";
import type { Parcel } from "../../shipping/domain/parcel.ts";
import type { Dispute, OperatorMove, Order } from "../../shop/domain/order.ts";
import type { Refund } from "../../shop/domain/refund.ts";

/** A refund and when it was decided. */
export interface DatedRefund extends Pick<Refund, "kind" | "amount" | "shipping" | "state"> {
  readonly decidedAt: Date | undefined;
}

type TimelineParcel = Pick<
  Parcel,
  | "state"
  | "sentAt"
  | "arrivedAt"
  | "arrivedBy"
  | "dispatchBy"
  | "waitAskedAt"
  | "waitUntil"
  | "carrier"
  | "tracking"
  | "destination"
>;

/** What a timeline is made of. */
export interface TimelineFacts {
  readonly order: Pick<Order, "payment" | "proof" | "cancellation">;
  /** Undefined on the oldest orders. */
  readonly reservedAt: Date | undefined;
  /** The parcel that the order is in, if there is one. */
  readonly parcel: TimelineParcel | undefined;
  /** The parcel that it was sent in before, if it was sent again. */
  readonly earlierParcel: TimelineParcel | undefined;
  readonly refunds: readonly DatedRefund[];
  /** What its buyer reported as wrong, if anything. */
  readonly reported: Case | undefined;
  /** What operators have moved by hand. */
  readonly moves: readonly OperatorMove[];
}

/** What can have happened with a report. */
type CaseEvent = "reported" | "answered" | "escalated" | "settled" | "withdrawn";

/** Something that happened to an order. */
export type OrderMoment = { readonly at: Date } & (
  | { readonly what: "reserved" | "paid" | "built" }
  | { readonly what: "cancel-asked" | "cancel-declined" | "canceled" }
  | {
      readonly what: "sent" | "arrived";
      readonly parcel: TimelineParcel;
      readonly isAgain: boolean;
    }
  | { readonly what: "late" }
  | { readonly what: "waiting"; readonly until: Date }
  | { readonly what: CaseEvent; readonly of: Case; readonly by: Case["movedBy"] }
  | { readonly what: "moved"; readonly move: OperatorMove }
  | { readonly what: "refund"; readonly refund: DatedRefund }
  | { readonly what: "disputed" | "dispute-won"; readonly dispute: Dispute }
);

/**
 * What happened to an order until now, in order of time. What has no known time is left out. Stripe dates payments in
 * whole seconds, so of the same second a payment is later than its reservation. A lost dispute is a refund.
 */
export function timelineOf(facts: TimelineFacts, now: Date): OrderMoment[] {
  const { order, reservedAt, parcel, earlierParcel, refunds, reported, moves } = facts;
  const { payment, proof } = order;
  const steps = [
    { what: "reserved", at: reservedAt },
    { what: "paid", at: payment?.paidAt },
    { what: "built", at: proof && new Date(proof.verifiedAtMs) },
  ] as const;
  const moments: OrderMoment[] = [
    ...steps.flatMap(({ what, at }) => (at ? [{ what, at }] : [])),
    ...cancellationMoments(order),
    ...(earlierParcel ? parcelMoments(earlierParcel, { isAgain: false, now }) : []),
    ...(parcel ? parcelMoments(parcel, { isAgain: earlierParcel !== undefined, now }) : []),
    ...(reported ? caseMoments(reported) : []),
    ...(payment?.disputes ?? []).flatMap(disputeMoments),
    ...moves.map((move) => ({ what: "moved" as const, at: move.at, move })),
  ];
  for (const refund of refunds) {
    const { decidedAt: at } = refund;
    if (at && (isGone(refund) || isOnItsWay(refund))) moments.push({ what: "refund", at, refund });
  }
  return moments.sort((one, other) => secondOf(one) - secondOf(other));
}

/** An order that was cancelled without a question has one moment alone. */
function cancellationMoments({ cancellation }: TimelineFacts["order"]): OrderMoment[] {
  if (!cancellation) return [];
  const { state, askedAt, answeredAt } = cancellation;
  const asked: OrderMoment[] =
    answeredAt?.getTime() === askedAt.getTime() ? [] : [{ what: "cancel-asked", at: askedAt }];
  if (state === "asked" || !answeredAt) return asked;
  const what = state === "accepted" ? ("canceled" as const) : ("cancel-declined" as const);
  return [...asked, { what, at: answeredAt }];
}

function parcelMoments(
  parcel: TimelineParcel,
  { isAgain, now }: { readonly isAgain: boolean; readonly now: Date },
): OrderMoment[] {
  const { state, sentAt, arrivedAt, dispatchBy, waitAskedAt, waitUntil } = parcel;
  const moments: OrderMoment[] = [];
  if (waitAskedAt && waitUntil) {
    moments.push({ what: "waiting", at: waitAskedAt, until: waitUntil });
  }
  const waitedUntil = state === "open" ? now : sentAt;
  if (waitedUntil && waitedUntil > dispatchBy) moments.push({ what: "late", at: dispatchBy });
  if (sentAt) moments.push({ what: "sent", at: sentAt, parcel, isAgain });
  if (arrivedAt) moments.push({ what: "arrived", at: arrivedAt, parcel, isAgain });
  return moments;
}

function caseMoments(of: Case): OrderMoment[] {
  return of.moves.map(({ state, by, at }) => ({
    what: state === "open" ? "reported" : state,
    at,
    of,
    by,
  }));
}

function disputeMoments(dispute: Dispute): OrderMoment[] {
  const { openedAt, decidedAt, outcome } = dispute;
  const moments: OrderMoment[] = openedAt ? [{ what: "disputed", at: openedAt, dispute }] : [];
  if (outcome === "won" && decidedAt) {
    moments.push({ what: "dispute-won", at: decidedAt, dispute });
  }
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
