import { mustEqual, mustHold } from "../../rules.ts";
import { checkMessageOrder } from "../message-order.ts";
import type {
  StripeBooks,
  StripeFact,
  StripeRefund,
  StripeReversal,
  StripeTransfer,
} from "../stripe-books.ts";
import { checkCancellation, checkCase } from "./cases.ts";
import type { Known, Terms } from "./known.ts";
import { checkMove, checkNew } from "./moves.ts";
import { checkOrderInParcel, checkParcel, checkSending } from "./parcels.ts";
import { checkDebt, checkPart } from "./part.ts";
import { checkBooking, checkDisputes, checkRefunds } from "./refunds.ts";
import type { Changed, OrderCommit, OrderState } from "./state.ts";
import { checkDelivery, checkNewTerms, rememberTerms } from "./terms.ts";

/** The names of what is sent because a time has come: each contains what it is about. */
const DEADLINE = /^(?:dispatch-reminder|dispatch-late|arrival-question)(?=\.)/;
const CANCEL_ANSWER_MS = 2 * 24 * 3_600_000;

/**
 * Orders and their money as a simple reference model, replayed from Stripe's actions and the stored
 * commits in order. It is independent of the product: everything stored must follow from what came
 * before, and the product must have decided each of its actions at Stripe beforehand. Throws
 * RuleBroken otherwise.
 */
export class PlainOrders {
  readonly known: Known;

  constructor(books: StripeBooks, terms: Terms) {
    const [orders, refunds, debts] = [new Map(), new Map(), new Map()];
    const [parcels, cases, shippingTerms] = [new Map(), new Map(), new Map()];
    const [booked, been] = [new Set<string>(), new Set<string>()];
    const money = { books, terms, orders, refunds, debts, booked, been };
    this.known = { ...money, parcels, cases, shippingTerms };
  }

  /** Applies a commit. */
  commit(commit: OrderCommit): void {
    const { known } = this;
    const { orders, refunds, debts, parcels, cases, terms, atMs } = commit;
    for (const change of terms) {
      checkNewTerms(change, known, atMs);
      rememberTerms(change, known, atMs);
    }
    for (const change of parcels) checkSending(change, known);
    for (const { now } of orders) known.orders.set(now.id, now);
    for (const { now } of refunds) known.refunds.set(`${now.orderId}/${now.id}`, now);
    for (const { now } of debts) known.debts.set(now.id, now);
    for (const { before, now } of parcels) {
      known.parcels.set(now.id, now);
      const isCorrected = before?.state === "sent" && before.tracking !== now.tracking;
      if (isCorrected) known.been.add(`parcel ${now.id} corrected`);
    }
    for (const { before, now } of cases) {
      const areDeleted = (before?.pictures ?? 0) > 0 && now.pictures === 0;
      if (areDeleted) known.been.add(`deadline case-pictures ${now.orderId}`);
      known.cases.set(now.orderId, now);
      known.been.add(`case ${now.orderId} ${now.state} by ${now.movedBy}`);
      if (now.outcome) known.been.add(`case ${now.orderId} ${now.outcome}`);
    }
    for (const { before, now } of orders) {
      const isMoved = before?.parcelId !== undefined && before.parcelId !== now.parcelId;
      if (isMoved) known.been.add(`order ${now.id} left parcel ${before.parcelId}`);
    }
    for (const change of cases) checkCase(change, known, atMs);
    for (const change of refunds) checkBooking(change, commit, known);
    for (const change of orders) {
      const { before, now } = change;
      if (before) checkMove(before, now, known, atMs);
      else checkNew(now, known);
      checkRefunds(now, known);
      checkDisputes(now, known);
      checkPart(change, known);
      checkOrderInParcel(change, known);
      checkDelivery(change, known, atMs);
      checkCancellation(change);
      this.#remember(now);
      this.#rememberSilence(change, atMs);
    }
    for (const { now } of parcels) checkParcel(now, known);
    for (const change of debts) checkDebt(change, commit, known);
    checkMessageOrder(commit.sentKeys, known.been);
    for (const key of commit.sentKeys) {
      const [deadline] = DEADLINE.exec(key) ?? [];
      if (deadline) known.been.add(`deadline ${deadline} ${key}`);
    }
  }

  /**
   * Applies an action at Stripe; staff's own actions in the Dashboard need no decision of the
   * product.
   */
  apply(fact: StripeFact): void {
    if (fact.kind === "refund made") this.#refundMade(fact.refund);
    if (fact.kind === "transfer made" && fact.transfer.orderId) this.#transferMade(fact.transfer);
    if (fact.kind === "reversal made" && fact.reversal.causeId) this.#reversalMade(fact.reversal);
  }

  /**
   * M2: Stripe refunds on the product's request: the refund was decided, and the builder's share
   * was requested back first.
   */
  #refundMade({ id, ours, orderId, amount }: StripeRefund): void {
    if (ours === undefined || orderId === undefined) return;
    const { been, debts, orders } = this.known;
    const what = `refund ${id}, ${amount} of order ${orderId}`;
    const isDecided = been.has(`refund ${orderId} ${ours} decided ${amount}`);
    mustHold("M2", isDecided, () => `${what}, was made at Stripe without the decision ${ours}`);
    const debt = debts.get(`${orderId}.${ours}`);
    const isSent = (orders.get(orderId)?.given.ids.length ?? 0) > 0;
    const isAsked = !debt || !isSent || debt.reversals > 0 || debt.settled === debt.amount;
    mustHold(
      "M7",
      isAsked,
      () => `${what}, was made before the builder's share was requested back`,
    );
  }

  /**
   * M3: Stripe transfers money to a builder: the amount was decided for that account and is sent
   * once.
   */
  #transferMade({ id, orderId = "", attempt, amount, destination }: StripeTransfer): void {
    const order = this.known.orders.get(orderId);
    const what = `transfer ${id} of order ${orderId}`;
    const { sending } = order?.given ?? {};
    mustHold("M3", sending !== undefined, () => `${what} was made at Stripe without a decision`);
    const found = [amount, destination, attempt];
    const decided = [sending.gross - sending.netted, sending.account, String(order?.attempt)];
    mustEqual("M3", `the amount, account and attempt of ${what}`, found, decided);
    const same = this.known.books.transfersOf(orderId).filter((each) => each.attempt === attempt);
    mustEqual("M3", `how often attempt ${attempt} of order ${orderId} was sent`, same.length, 1);
  }

  /** M3: Stripe reverses a transfer by at most the decided amount, for a debt. */
  #reversalMade({ causeId = "", transferId }: StripeReversal): void {
    const at = causeId.lastIndexOf(":");
    const debt = this.known.debts.get(causeId.slice(0, at));
    const what = `a reversal of ${transferId} for ${causeId}`;
    mustHold("M3", debt?.reversing !== undefined, () => `${what} was made without a decision`);
    mustEqual("M3", `the attempt of ${what}`, causeId.slice(at + 1), String(debt.reversals));
    const own = this.known.books.reversals.filter((each) => each.causeId === causeId);
    const taken = own.reduce((sum, { amount }) => sum + amount, 0);
    mustHold("M3", taken <= debt.reversing, () => `${what} took ${taken} of ${debt.reversing}`);
  }

  /** Nobody has answered a request to cancel: it counts as accepted, or as declined if building has begun. */
  #rememberSilence({ before, now }: Changed<OrderState>, atMs: number): void {
    const { id, cancellation, askedAtMs = atMs } = now;
    const isAnswered = before?.cancellation === "asked" && cancellation !== "asked";
    if (!isAnswered || atMs < askedAtMs + CANCEL_ANSWER_MS) return;
    this.known.been.add(`deadline cancel-${cancellation} ${id}`);
  }

  #remember({ id, status, paidAtMs, hold, disputes, cancellation }: OrderState): void {
    const { been } = this.known;
    if (cancellation) been.add(`cancellation ${id} ${cancellation}`);
    been.add(`order ${id} ${status}`).add(`order ${id} ${hold}`);
    if (paidAtMs !== undefined) been.add(`order ${id} was paid`);
    for (const { id: dispute, outcome, isInquiry } of disputes) {
      been.add(`dispute ${dispute} ${outcome === "open" && isInquiry ? "inquiry" : outcome}`);
    }
  }
}
