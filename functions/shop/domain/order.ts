import type { DocumentOf } from "../../../shared/documents/define-document.ts";
import type { operatorMoves, orderDocument } from "../documents/order.ts";

/** The number of days for which held money waits for a proof of work. */
export const HELD_DAYS = 14;

/**
 * An order's status. A `reserved` order waits for its payment; the payment of a `processing` order takes days, such
 * as a bank debit.
 */
export type OrderStatus =
  | "reserved"
  | "processing"
  | "expired"
  | "cancelled"
  | "paid"
  | "building"
  | "shipped"
  | "delivered"
  | "refunded"
  | "charged_back";

/**
 * Every move an order may make. A payment can still arrive for a reservation that ended: then the
 * order is paid with another unit, or refunded. What was sent waits again when it is to be sent again.
 */
const MOVES: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  reserved: ["processing", "paid", "expired", "cancelled"],
  processing: ["paid", "cancelled"],
  expired: ["processing", "paid", "refunded", "charged_back"],
  cancelled: ["processing", "paid", "refunded", "charged_back"],
  paid: ["building", "shipped", "refunded", "charged_back"],
  building: ["shipped", "refunded", "charged_back"],
  shipped: ["delivered", "paid", "building", "refunded", "charged_back"],
  delivered: ["paid", "building", "refunded", "charged_back"],
  refunded: [],
  charged_back: [],
};

/** An order cannot move from its status to the requested one. */
export class ImpossibleMoveError extends Error {
  override name = "ImpossibleMoveError";
  /** Retrying cannot help. */
  readonly isTerminal = true;

  constructor(orderId: string, from: string, to: OrderStatus) {
    super(`Order ${orderId} cannot go from "${from}" to "${to}".`);
  }
}

/**
 * The word for a paid order that follows from its work and its parcel, as long as its money has not gone back: of a
 * parcel that is on its way or has arrived, whatever happened before.
 */
export function statusOfPaid({ proof, parcel }: Pick<Order, "proof" | "parcel">): OrderStatus {
  if (parcel?.state === "arrived") return "delivered";
  if (parcel?.state === "sent") return "shipped";
  return proof ? "building" : "paid";
}

/** Whether a stored word is a known status. */
export function isOrderStatus(word: string): word is OrderStatus {
  return Object.hasOwn(MOVES, word);
}

/** Returns `to` if an order may move there from its status. Throws ImpossibleMoveError otherwise. */
export function moved(
  order: Pick<Order, "id" | "fulfillmentStatus">,
  to: OrderStatus,
): OrderStatus {
  const from = order.fulfillmentStatus;
  if (!isOrderStatus(from) || !MOVES[from].includes(to)) {
    throw new ImpossibleMoveError(order.id, from, to);
  }
  return to;
}

/** Statuses in which there is work to do. */
export const OPEN_STATUSES = ["paid", "building"] as const satisfies readonly OrderStatus[];
const OPEN: ReadonlySet<string> = new Set(OPEN_STATUSES);

/** One purchase by one buyer from one builder. */
export type Order = DocumentOf<typeof orderDocument>;

/** How many pieces an order is for; that never changes. */
export function quantityOf({ moreUnits }: Pick<Order, "moreUnits">): number {
  return 1 + moreUnits.length;
}

/** What an order is for, with their number if there are several. Plain text; undefined on orders without a title. */
export function orderTitle({ title, moreUnits }: Pick<Order, "title" | "moreUnits">) {
  const quantity = quantityOf({ moreUnits });
  return title === undefined || quantity === 1 ? title : `${quantity} × ${title}`;
}

/** The stream that showed an order on the workbench: the proof of work that unlocks its money. */
export type ProofOfWork = NonNullable<Order["proof"]>;

/** The money of an order. Amounts are minor units of `currency`. */
export type Payment = NonNullable<Order["payment"]>;

/** When the builder is paid. `split`: as soon as the buyer has paid. `held`: after the proof of work. */
export type PaymentPlan = Payment["plan"];

/** The state of the builder's money. */
export type HoldState = NonNullable<Payment["hold"]>;

/** The builder's part of a charge that was transferred. Amounts are minor units. */
export type BuilderTransfer = NonNullable<Payment["transfer"]>;

/** A transfer that is decided and under way. */
export type Sending = NonNullable<BuilderTransfer["sending"]>;

/** A part of a payment that settles a debt. */
export type NettedDebt = Sending["nettedDebts"][number];

/** A dispute or an inquiry by a buyer's bank. */
export type Dispute = Payment["disputes"][number];

/** What an operator has moved by hand, and why. */
export interface OperatorMove {
  readonly what: (typeof operatorMoves)[number];
  readonly reason: string;
  readonly author: string;
  readonly at: Date;
}

/** Whether there is still work to do on an order. */
export function isOpen(
  order: Pick<Order, "fulfillmentStatus" | "payment" | "cancellation">,
): boolean {
  const { payment, cancellation } = order;
  if (!OPEN.has(order.fulfillmentStatus) || cancellation?.state === "accepted") return false;
  if (!payment) return true;
  const isOver = payment.hold === "ended" || payment.hold === "returned";
  return !isOver && payment.refundRequested < payment.amount;
}

/** Whether an order waits for its payment and its Checkout Session is still open. */
export function isReserved(order: Pick<Order, "fulfillmentStatus">): boolean {
  return order.fulfillmentStatus === "reserved";
}

/** Whether an unpaid order holds a unit, including while a bank processes the payment. */
export function holdsUnpaidUnit(order: Pick<Order, "fulfillmentStatus">): boolean {
  return isReserved(order) || order.fulfillmentStatus === "processing";
}
