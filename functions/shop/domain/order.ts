import type { DisputeOutcome } from "../../../shared/money/dispute.ts";
/**
 * Where an order stands. A reservation is an order that waits for its payment; `processing` is a
 * payment that takes days, such as a bank debit.
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
 * order is paid with another unit, or refunded.
 */
const MOVES: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  reserved: ["processing", "paid", "expired", "cancelled"],
  processing: ["paid", "cancelled"],
  expired: ["processing", "paid", "refunded", "charged_back"],
  cancelled: ["processing", "paid", "refunded", "charged_back"],
  paid: ["building", "shipped", "refunded", "charged_back"],
  building: ["shipped", "refunded", "charged_back"],
  shipped: ["delivered", "refunded", "charged_back"],
  delivered: ["refunded", "charged_back"],
  refunded: [],
  charged_back: [],
};

/** An order was told to become what it cannot become from where it stands. */
export class ImpossibleMoveError extends Error {
  override name = "ImpossibleMoveError";
  /** Trying again cannot help. */
  readonly isTerminal = true;

  constructor(orderId: string, from: string, to: OrderStatus) {
    super(`Order ${orderId} cannot go from "${from}" to "${to}".`);
  }
}

/** Whether a stored word is one of the states. */
export function isOrderStatus(word: string): word is OrderStatus {
  return Object.hasOwn(MOVES, word);
}

/** Gives `to` when an order may go there from where it stands. Throws ImpossibleMoveError. */
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

/** States in which there is work to do. */
export const OPEN_STATUSES = ["paid", "building"] as const satisfies readonly OrderStatus[];
const OPEN: ReadonlySet<string> = new Set(OPEN_STATUSES);

/** The stream that showed an order on the workbench: the proof of work that unlocks its money. */
export interface ProofOfWork {
  readonly goLiveId: string;
  readonly streamId: string;
  readonly verifiedAtMs: number;
}

/** When the builder is paid. `split`: as soon as the buyer has paid. `held`: after the proof of work. */
export type PaymentPlan = "split" | "held";

/**
 * Where the builder's money is. `held`: with the platform. `releasing`: a transfer is decided, Stripe may
 * or may not have made it. `released`: the builder has what is theirs. `ended`: nobody proved the order in
 * time, it is to go back to the buyer. `returned`: it did.
 */
export const holdStates = ["held", "releasing", "released", "ended", "returned"] as const;
export type HoldState = (typeof holdStates)[number];

/** The hosted page where an order is paid. */
export interface Checkout {
  /** Counts the Checkout Sessions asked for; part of each one's idempotency key. */
  readonly attempt: number;
  readonly expiresAt: Date;
  readonly sessionId: string | undefined;
  readonly url: string | undefined;
}

/** What the builder was given of a charge. Amounts are minor units. */
export interface BuilderTransfer {
  /** Stripe's ids, oldest first. None where debts kept all of it; a second one after a dispute was won. */
  readonly ids: readonly string[];
  /** What was given in all: sent, or kept for the builder's debts. */
  readonly gross: number;
  /** What of it was kept for debts. */
  readonly netted: number;
  /** What of it they owe back since, whether or not it was collected. */
  readonly takenBack: number;
  /** What of it is being sent now, if anything. */
  readonly sending: Sending | undefined;
}

/** A transfer that is decided. */
export interface Sending {
  /** Stripe's account that it goes to. */
  readonly accountId: string;
  /** The builder's part: what is sent is this less `netted`. */
  readonly gross: number;
  /** What of it is kept for debts, in all and by debt. */
  readonly netted: number;
  readonly nettedDebts: readonly NettedDebt[];
}

/** A part of a payment that settles a debt. */
export interface NettedDebt {
  readonly id: string;
  readonly part: number;
}

/** A buyer's bank contests a charge, or asks about it. */
export interface Dispute {
  readonly id: string;
  readonly amount: number;
  /** What it has taken from the platform, for now or for good; an inquiry takes nothing. */
  readonly withdrawn: number;
  /** What Stripe charged the platform for it, in minor units; a win does not bring it back. */
  readonly fee: number;
  /** Of a question, which may or may not become a chargeback. While it is one, refunds are possible. */
  readonly isInquiry: boolean;
  readonly outcome: DisputeOutcome;
  /** Lost, and booked as money that went back. */
  readonly isBooked: boolean;
}

/** The money of an order. Amounts are minor units of `currency`. */
export interface Payment {
  readonly amount: number;
  readonly fee: number;
  readonly currency: string;
  readonly plan: PaymentPlan;
  readonly checkout: Checkout;
  readonly paymentIntentId: string | undefined;
  readonly chargeId: string | undefined;
  readonly paidAt: Date | undefined;
  /** Without a proof of work held money goes back at this time. */
  readonly heldUntil: Date | undefined;
  readonly hold: HoldState | undefined;
  /** Counts the transfers that Stripe refused. */
  readonly releaseAttempt: number;
  /** What refunds were asked for, and what of it Stripe has made. */
  readonly refundRequested: number;
  readonly refunded: number;
  /** Refunds that are decided, and not made yet. */
  readonly openRefunds: readonly string[];
  readonly transfer: BuilderTransfer | undefined;
  /** All that were ever opened; a charge can have several. */
  readonly disputes: readonly Dispute[];
}

/** One purchase by one buyer from one builder. */
export interface Order {
  readonly id: string;
  readonly buyerId: string;
  readonly builderId: string;
  readonly title: string | undefined;
  /** One of the states, or an older word that allows no move. */
  readonly fulfillmentStatus: string;
  readonly twitchVodLink: string | undefined;
  readonly proof: ProofOfWork | undefined;
  /** The drop it is from and the number of the unit in it. */
  readonly dropId: string | undefined;
  readonly unit: number | undefined;
  /** The auction it was won in. */
  readonly auctionId: string | undefined;
  /** Absent on orders that were not paid here. */
  readonly payment: Payment | undefined;
}

/** Whether there is still work to do on an order. */
export function isOpen(order: Pick<Order, "fulfillmentStatus" | "payment">): boolean {
  if (!OPEN.has(order.fulfillmentStatus)) return false;
  const { payment } = order;
  if (!payment) return true;
  const isOver = payment.hold === "ended" || payment.hold === "returned";
  return !isOver && payment.refundRequested < payment.amount;
}

/** Whether an order waits for its payment on a page that is still open. */
export function isReserved(order: Pick<Order, "fulfillmentStatus">): boolean {
  return order.fulfillmentStatus === "reserved";
}

/**
 * Whether an order holds a unit although it is unpaid, including while a bank works on the payment.
 */
export function holdsUnpaidUnit(order: Pick<Order, "fulfillmentStatus">): boolean {
  return isReserved(order) || order.fulfillmentStatus === "processing";
}
