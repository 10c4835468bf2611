import { DAY_MS, lateFrom, type Parcel } from "../../shipping/domain/parcel.ts";
import { isContested } from "../../shop/domain/builder-part.ts";
import type { Order } from "../../shop/domain/order.ts";

/** A request to cancel counts as accepted after this time without an answer. */
export const CANCEL_ANSWER_MS = 2 * DAY_MS;

/** Why an order cannot be cancelled. */
export type CancelRefusal = "unpaid" | "gone" | "disputed" | "sent" | "begun" | "declined";

/** What happens to an order whose buyer wants to cancel it: at once, or once its builder agrees. */
export type CancelVerdict = "at-once" | "ask" | "asked" | CancelRefusal;

type Cancelable = Pick<
  Order,
  "payment" | "proof" | "parcel" | "fulfillmentStatus" | "cancellation"
>;

/** Why nobody can cancel an order any more, not even staff; undefined if they can. */
function findObstacle(order: Cancelable): CancelRefusal | undefined {
  const { payment, parcel, fulfillmentStatus } = order;
  const isEnded = payment?.hold === "ended" || payment?.hold === "returned";
  if (["refunded", "charged_back"].includes(fulfillmentStatus) || isEnded) return "gone";
  if (payment?.paidAt === undefined) return "unpaid";
  if (payment.refundRequested >= payment.amount) return "gone";
  if (isContested(payment)) return "disputed";
  const isSent = parcel?.state === "sent" || parcel?.state === "arrived";
  return isSent || ["shipped", "delivered"].includes(fulfillmentStatus) ? "sent" : undefined;
}

/** Judges a buyer's request to cancel an order. `parcel` is the one that it is in. */
export function judgeRequest(
  order: Cancelable,
  parcel: Parcel | undefined,
  now: Date,
): CancelVerdict {
  const { proof, cancellation } = order;
  if (cancellation?.state === "accepted") return "at-once";
  const obstacle = findObstacle(order);
  if (obstacle) return obstacle;
  if (parcel?.state === "open" && now >= lateFrom(parcel)) return "at-once";
  if (proof) return "begun";
  if (cancellation?.state === "declined") return "declined";
  if (!cancellation) return "ask";
  return now.getTime() >= cancellation.askedAt.getTime() + CANCEL_ANSWER_MS ? "at-once" : "asked";
}

/** Who answers a request. Silence accepts as well; staff may cancel what nobody asked to cancel. */
export type Answerer = "builder" | "staff" | "silence";

/** Why a request cannot be accepted or declined; undefined if it can. Repeats are allowed. */
export function findAnswerRefusal(
  order: Cancelable,
  { isAccepted, by }: { readonly isAccepted: boolean; readonly by: Answerer },
): CancelRefusal | "not-asked" | undefined {
  const { cancellation, proof } = order;
  if (isAccepted && cancellation?.state === "accepted") return undefined;
  const obstacle = findObstacle(order);
  if (obstacle) return obstacle;
  const isStaffs = by === "staff" && isAccepted;
  if (!cancellation && !isStaffs) return "not-asked";
  if (cancellation?.state === "accepted") return "gone";
  if (by === "silence" && proof) return "begun";
  return undefined;
}
