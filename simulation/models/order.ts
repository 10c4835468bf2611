import { mustEqual, mustHold } from "../rules.ts";
import type {
  Changed,
  DebtState,
  OrderCommit,
  OrderState,
  RefundState,
  SendingState,
} from "./order-state.ts";
import { checkSaid } from "./said.ts";
import type { StripeBooks, StripeRefund, StripeReversal, StripeTransfer } from "./stripe-books.ts";

/** What holds for all orders of a platform. */
export interface Terms {
  /** The platform's part of a price, in basis points. */
  readonly feeBps: number;
  /** So long held money waits for a proof. */
  readonly heldMs: number;
  /** By so much clocks may be off. */
  readonly skewMs: number;
}

/** What must have happened for an order to move. */
type Cause = "bank" | "charge" | "closed" | "proof" | "sent" | "all back" | "all charged back";

const PAYABLE: Readonly<Record<string, Cause>> = { processing: "bank", paid: "charge" };
const BACK: Readonly<Record<string, Cause>> = {
  refunded: "all back",
  charged_back: "all charged back",
};

/** Every move that an order may make, and why. */
const MOVES: Readonly<Record<string, Readonly<Record<string, Cause>>>> = {
  reserved: { ...PAYABLE, expired: "closed", cancelled: "closed" },
  processing: { paid: "charge", cancelled: "closed" },
  expired: { ...PAYABLE, ...BACK },
  cancelled: { ...PAYABLE, ...BACK },
  paid: { building: "proof", shipped: "sent", ...BACK },
  building: { shipped: "sent", ...BACK },
  shipped: { delivered: "sent", ...BACK },
  delivered: BACK,
};
const WORKED_ON = ["paid", "building", "shipped", "delivered"];
/** What never changes once it is there. */
const FIXED = [
  ...(["buyer", "builder", "amount", "fee", "currency", "plan"] as const),
  ...(["intentId", "chargeId", "paidAtMs", "proof"] as const),
] as const;

/**
 * Orders and their money in plain words, replayed from what Stripe did and what was stored, one after the other.
 * It knows nothing of the product: each thing that is stored must follow from what came before it, and each thing
 * that Stripe did for us must have been decided before. Throws RuleBroken where that is not so.
 */
export class PlainOrders {
  readonly orders = new Map<string, OrderState>();
  /** By order and id. */
  readonly refunds = new Map<string, RefundState>();
  readonly debts = new Map<string, DebtState>();
  readonly #books: StripeBooks;
  readonly #terms: Terms;
  /** Which refund of ours each of Stripe's is booked as. */
  readonly #bookedAs = new Map<string, string>();
  /** All that orders, refunds and disputes have been, as notices name it. */
  readonly #been = new Set<string>();

  constructor(books: StripeBooks, terms: Terms) {
    this.#books = books;
    this.#terms = terms;
  }

  /** Something was stored, all at once. */
  commit(commit: OrderCommit): void {
    const { orders, refunds, debts, atMs } = commit;
    for (const { now } of orders) this.orders.set(now.id, now);
    for (const { now } of refunds) this.refunds.set(`${now.orderId}/${now.id}`, now);
    for (const { now } of debts) this.debts.set(now.id, now);
    for (const change of refunds) this.#checkBooking(change, commit);
    for (const change of orders) {
      if (!change.before) this.#checkNew(change.now);
      else this.#checkMove({ before: change.before, now: change.now }, atMs);
      this.#checkRefunds(change.now);
      this.#checkDisputes(change.now);
      this.#checkPart(change);
      this.#remember(change.now);
    }
    for (const change of debts) this.#checkDebt(change, commit);
    checkSaid(commit.said, this.#been);
  }

  /** Stripe refunds by a call of ours: it was decided, and the builder's part was asked back first. */
  refundMade({ id, ours, orderId, amount }: StripeRefund): void {
    if (ours === undefined || orderId === undefined) return;
    const what = `Stripe's refund ${id} of ${amount} of order ${orderId}`;
    const decided = this.#been.has(`refund ${orderId} ${ours} decided ${amount}`);
    mustHold("M2", decided, () => `${what} was not decided as ${ours}`);
    const debt = this.debts.get(`${orderId}.${ours}`);
    const hasTransfers = (this.orders.get(orderId)?.given.ids.length ?? 0) > 0;
    const isFirst = !debt || !hasTransfers || debt.reversals > 0 || debt.settled === debt.amount;
    mustHold("M7", isFirst, () => `${what} was made before the builder's part was asked back`);
  }

  /** Stripe sends a builder money: so much was decided for that account, and is sent once. */
  transferMade({ id, orderId = "", attempt, amount, destination }: StripeTransfer): void {
    const order = this.orders.get(orderId);
    const { sending } = order?.given ?? {};
    const what = `transfer ${id} of order ${orderId}`;
    mustHold("M3", sending !== undefined, () => `${what} was made and is not decided`);
    const found = [amount, destination, attempt];
    const decided = [sending.gross - sending.netted, sending.account, String(order?.attempt)];
    mustEqual("M3", `the amount, account and attempt of ${what}`, found, decided);
    const same = this.#books.transfersOf(orderId).filter((each) => each.attempt === attempt);
    mustEqual("M3", `how often attempt ${attempt} of order ${orderId} was sent`, same.length, 1);
  }

  /** Stripe takes money back of a transfer: no more than was decided, for what is owed. */
  reversalMade({ causeId = "", transferId }: StripeReversal): void {
    const at = causeId.lastIndexOf(":");
    const debt = this.debts.get(causeId.slice(0, at));
    const what = `a reversal of ${transferId} for ${causeId}`;
    mustHold("M3", debt?.reversing !== undefined, () => `${what} is not decided`);
    mustEqual("M3", `the attempt of ${what}`, causeId.slice(at + 1), String(debt.reversals));
    const own = this.#books.reversals.filter((each) => each.causeId === causeId);
    const taken = own.reduce((sum, { amount }) => sum + amount, 0);
    mustHold("M3", taken <= debt.reversing, () => `${what} took ${taken} of ${debt.reversing}`);
  }

  /** What a builder has of an order at most: the same part of what is left as of the whole, rounded down. */
  shareOf({ amount, fee }: OrderState, left: number): number {
    return Math.floor(((amount - fee) * Math.max(0, left)) / amount);
  }

  #checkNew(order: OrderState): void {
    const { id, status, amount, fee } = order;
    mustEqual("M5", `the first state of order ${id}`, status, "reserved");
    mustEqual(
      "M10",
      `the fee of order ${id}`,
      fee,
      Math.floor((amount * this.#terms.feeBps) / 1e4),
    );
  }

  #checkMove({ before, now }: { before: OrderState; now: OrderState }, atMs: number): void {
    const { id } = now;
    for (const field of FIXED) {
      if (before[field] === undefined) continue;
      mustEqual("M6", `the ${field} of order ${id}`, now[field], before[field]);
    }
    if (before.status === now.status) return;
    const cause = MOVES[before.status]?.[now.status];
    const move = `order ${id} went from ${before.status} to ${now.status}`;
    mustHold("M5", cause !== undefined, () => `${move}, which is no move`);
    mustHold(
      "M5",
      this.#hasHappened(cause, now, atMs),
      () => `${move} without its cause: ${cause}`,
    );
  }

  #hasHappened(cause: Cause, order: OrderState, atMs: number): boolean {
    const { sessionId, chargeId, amount, plan, hold, refunded } = order;
    const session = this.#books.sessions.get(sessionId ?? "");
    const charge = this.#books.chargeOf(order.id);
    const { heldMs, skewMs } = this.#terms;
    if (cause === "bank") return session?.has("processing") === true;
    if (cause === "closed") return sessionId === undefined || session?.has("over") === true;
    if (cause === "proof") return order.proof !== undefined;
    if (cause === "sent") return true;
    if (cause === "charge") {
      const isHeld = plan === "split" || (order.heldUntilMs ?? 0) >= atMs + heldMs - skewMs;
      const isPaid = charge?.id === chargeId && charge?.amount === amount;
      return isPaid && order.paidAtMs !== undefined && hold === "held" && isHeld;
    }
    const kind = cause === "all back" ? "refund" : "dispute";
    return refunded === amount && this.#been.has(`${kind} of ${order.id}`);
  }

  /** M2: an order's sums are those of its refunds, and what is all back is nobody's order any more. */
  #checkRefunds({ id, amount, requested, refunded, openRefunds, status }: OrderState): void {
    const own = [...this.refunds.values()].filter(({ orderId }) => orderId === id);
    const made = own.filter(({ state }) => state === "made" || state === "closed");
    const open = own.filter(({ state }) => state === "requested");
    mustEqual("M2", `what is refunded of order ${id}`, refunded, sumOf(made));
    mustEqual("M2", `what is to be refunded of order ${id}`, requested, refunded + sumOf(open));
    mustHold("M2", requested <= amount, () => `${requested} of order ${id} go back: ${amount}`);
    const ids = open.map((refund) => refund.id).toSorted();
    mustEqual("M2", `the open refunds of order ${id}`, openRefunds.toSorted(), ids);
    const isOver = status === "refunded" || status === "charged_back";
    mustEqual("M5", `whether order ${id}, ${status}, is all back`, refunded === amount, isOver);
  }

  /** A refund is made once Stripe has it, a dispute once it is lost; each of Stripe's is booked once. */
  #checkBooking({ before, now }: Changed<RefundState>, { orders }: OrderCommit): void {
    const { orderId, id, kind, state, amount } = now;
    if (state === "requested") this.#been.add(`refund ${orderId} ${id} decided ${amount}`);
    if (state !== "made" || before?.state === "made") return;
    const order = orders.find((each) => each.now.id === orderId);
    const left = (order?.now.amount ?? 0) - (order?.before?.refunded ?? 0);
    const charge = this.#books.chargeOf(orderId);
    const dispute = this.#books.disputes.get(id);
    const refund = this.#books
      .refundsOf(charge?.id ?? "")
      .find((each) => (each.ours ?? each.id) === id && this.#bookedAs.get(each.id) === undefined);
    if (refund) this.#bookedAs.set(refund.id, id);
    const amounts = kind === "refund" ? [refund?.amount] : [...(dispute?.amounts ?? [])];
    const isLost = dispute?.statuses.has("lost") || dispute?.statuses.has("prevented");
    const what = `${kind} ${id} of order ${orderId}, ${amount},`;
    mustHold("M1", kind === "refund" ? refund !== undefined : isLost === true, () => {
      return `${what} is booked, and Stripe has none`;
    });
    const isRight = amounts.some((each) => Math.min(each ?? -1, left) === amount);
    mustHold("M1", isRight, () => `${what} is ${amounts} at Stripe, and ${left} was left`);
    this.#been.add(`${kind} of ${orderId}`).add(`refund ${orderId} ${id} made`);
  }

  /** An order knows of its disputes what Stripe has said of them. */
  #checkDisputes({ id, disputes }: OrderState): void {
    for (const { id: disputeId, withdrawn, outcome } of disputes) {
      const dispute = this.#books.disputes.get(disputeId);
      const what = `dispute ${disputeId} of order ${id}`;
      const isKnown = dispute?.amounts.has(withdrawn) ?? false;
      mustHold("M1", isKnown, () => `${what} took ${withdrawn}, which Stripe never said`);
      const said = [...(dispute?.statuses ?? [])].map((each) => outcomeOf(each));
      mustHold("M1", said.flat().includes(outcome), () => `${what} is not ${outcome} at Stripe`);
    }
  }

  /**
   * M3, M4: the builder's part of an order after each commit. While a transfer is under way its outcome is waited
   * for; else what they were given beyond their part is taken back of them, and what is too little is held.
   */
  #checkPart({ before, now }: Changed<OrderState>): void {
    const { id, amount, refunded, requested, disputes, hold, given } = now;
    const contested = disputes.filter(({ isBooked }) => !isBooked);
    const taken = contested.reduce((sum, { withdrawn }) => sum + withdrawn, 0);
    const share = this.shareOf(now, amount - Math.max(refunded, requested) - taken);
    const own = [...this.debts.values()].filter((debt) => debt.orderId === id && !isFee(debt));
    mustEqual("M3", `what order ${id} says is taken back`, given.takenBack, sumOf(own));
    const sent = this.#books.transfersOf(id).filter((transfer) => given.ids.includes(transfer.id));
    const pending = given.sending ? given.sending.gross - given.sending.netted : 0;
    const out = given.gross - given.netted - pending;
    mustEqual("M3", `what was sent of order ${id}`, sumOf(sent), out);
    const { sending } = given;
    mustEqual(
      "M4",
      `whether a transfer of order ${id} is under way`,
      hold === "releasing",
      !!sending,
    );
    if (sending) {
      if (!before?.given.sending) this.#checkDecision({ before, now }, sending, share);
      return;
    }
    const has = given.gross - given.takenBack;
    const isRight = hold === "released" ? has === share : has <= share;
    mustHold("M3", isRight, () => `of order ${id}, ${hold}, the builder has ${has} of ${share}`);
  }

  /** M4: money is released of what is paid, booked and uncontested, once it is due. */
  #checkDecision({ before, now }: Changed<OrderState>, sending: SendingState, share: number): void {
    const { id, plan, proof, status, disputes, requested, refunded } = now;
    const isDue = (plan === "split" || proof !== undefined) && WORKED_ON.includes(status);
    const isFree = !disputes.some(({ outcome }) => outcome === "open") && requested === refunded;
    const isBooked = this.#books.chargeOf(id)?.isBooked ?? false;
    const found = [before?.hold, isDue, isFree, isBooked];
    mustEqual("M4", `whether order ${id} was held, due, free and booked`, found, [
      ...["held", true, true, true],
    ]);
    const had = before ? before.given.gross - before.given.takenBack : 0;
    mustEqual("M3", `what is decided for the builder of order ${id}`, sending.gross, share - had);
    const kept = sending.parts.reduce((sum, { part }) => sum + part, 0);
    const isKept = kept === sending.netted && kept <= sending.gross;
    mustHold("M3", isKept, () => `${kept} of ${sending.gross} of order ${id} is kept for debts`);
  }

  /** M7: a debt is settled by money that moved, and by nothing else: reversed, or kept of what is being sent. */
  #checkDebt({ before, now }: Changed<DebtState>, { orders }: OrderCommit): void {
    const { id, amount, settled, reversed } = now;
    mustHold("M7", settled <= amount, () => `debt ${id} of ${amount} is settled by ${settled}`);
    const atStripe = this.#books.reversedFor(id);
    mustHold("M7", reversed <= atStripe, () => `debt ${id}: ${reversed} reversed, not ${atStripe}`);
    const kept = orders.reduce((sum, change) => sum + keptFor(id, change), 0);
    const moved = reversed - (before?.reversed ?? 0) + kept;
    const more = settled - (before?.settled ?? 0);
    mustEqual("M7", `what more is settled of debt ${id}, ${now.orderId}`, more, moved);
  }

  #remember({ id, status, paidAtMs, hold, disputes }: OrderState): void {
    this.#been.add(`order ${id} ${status}`).add(`order ${id} ${hold}`);
    if (paidAtMs !== undefined) this.#been.add(`order ${id} was paid`);
    for (const { id: dispute, outcome, isInquiry } of disputes) {
      const turn = outcome === "open" && isInquiry ? "inquiry" : outcome;
      this.#been.add(`dispute ${dispute} ${turn}`);
    }
  }
}

/** What a commit keeps of a transfer for a debt; below zero where Stripe refused the transfer. */
function keptFor(debtId: string, { before, now }: Changed<OrderState>): number {
  const partIn = (sending: SendingState | undefined) =>
    sending?.parts.find(({ id }) => id === debtId)?.part ?? 0;
  const [was, is] = [before?.given.sending, now.given.sending];
  if (is && !was) return partIn(is);
  const isRefused = was && !is && now.given.gross < (before?.given.gross ?? 0);
  return isRefused ? -partIn(was) : 0;
}

/** What the state of a dispute at Stripe comes to; `prevented` has taken the money. */
function outcomeOf(status: string): readonly string[] {
  if (status === "won" || status === "warning_closed") return ["won"];
  if (status === "lost") return ["lost", "won"];
  return status === "prevented" ? ["lost"] : ["open"];
}

/** The fee of a dispute is the builder's where the platform says so, and no part of the order's price. */
export function isFee({ id }: DebtState): boolean {
  return id.endsWith("-fee");
}

/** The sum of amounts. */
export function sumOf(items: readonly { readonly amount: number }[]): number {
  return items.reduce((sum, { amount }) => sum + amount, 0);
}
