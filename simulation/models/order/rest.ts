import { mustEqual, mustHold } from "../../rules.ts";
import type { Charge, StripeBooks } from "../stripe-books.ts";
import { isFee, type Known, sumOf } from "./known.ts";
import { shareOf } from "./part.ts";
import type { OrderState } from "./state.ts";

/** What staff did outside the product, and all final balances at Stripe, in minor units. */
export interface AtRest {
  readonly currency: string;
  /** What the platform added to its balance, less what it paid out to its bank. */
  readonly ownMoney: number;
  /** What staff transferred to builders manually. */
  readonly sentByHand: number;
  /** The balance of each account and of the platform. */
  readonly balanceOf: (owner: string) => number;
}

/**
 * M1 and M3 at rest. Compares the shares of buyer, builder and platform in each order, computed
 * from its price, its fee and its charge at Stripe, with the stored documents, and their sums with
 * the balances at Stripe.
 */
export function checkOrdersAtRest(
  known: Known,
  { currency, ownMoney, sentByHand, balanceOf }: AtRest,
): void {
  const { books } = known;
  for (const [owner, of] of books.holdings()) {
    if (of !== currency) continue;
    const own = owner === "platform" ? ownMoney : 0;
    mustEqual("M1", `what ${owner} holds`, balanceOf(owner), books.cashOf(owner, of) + own);
  }
  const charges = [...books.charges.values()].filter(({ orderId }) => orderId !== undefined);
  let forBuilders = 0;
  let forPlatform = 0;
  for (const charge of charges) {
    const order = known.orders.get(charge.orderId ?? "");
    mustEqual("M1", `the order of charge ${charge.id}`, order?.chargeId, charge.id);
    if (!order) continue;
    const { gone, contested } = goneOf(books, charge, order);
    checkOrder(order, { gone, contested, isChargedBack: books.isChargedBack(charge) });
    const has = order.given.gross - order.given.takenBack;
    forBuilders += has;
    forPlatform += charge.amount - gone - contested - has;
  }
  const debts = [...known.debts.values()];
  for (const { id, reversed } of debts) {
    mustEqual("M7", `what was reversed for debt ${id}`, reversed, books.reversedFor(id));
  }
  const owed = sumOf(debts.map(({ amount, settled }) => ({ amount: amount - settled })));
  const fees = sumOf(debts.filter(isFee));
  const byHand = books.reversals.filter(({ causeId }) => causeId === undefined);
  // What builders received and still have: their shares, their debts, and what staff sent.
  const sent = sumOf([...books.transfers.values()].filter(({ payoutId }) => !payoutId));
  const out = sent - sumOf(books.reversals);
  const due = forBuilders + owed - fees + sentByHand - sumOf(byHand);
  mustEqual("M1", "what builders received and still have", out, due);
  checkPlatform(books, charges, {
    currency,
    forPlatform,
    owed,
    fees,
    byHand: sumOf(byHand) - sentByHand,
  });
}

/**
 * What was refunded of an order's charge and what banks hold of it. Staff settle what an appeal
 * changed.
 */
function goneOf(books: StripeBooks, charge: Charge, order: OrderState) {
  const isTurned = books.disputesOf(charge.id).some(({ isOverturned }) => isOverturned);
  const contested = order.disputes.filter(({ isBooked }) => !isBooked);
  const known = contested.reduce((sum, { withdrawn }) => sum + withdrawn, 0);
  if (isTurned) return { gone: order.refunded, contested: known };
  const atStripe = { gone: books.goneOf(charge), contested: books.contestedOf(charge) };
  mustEqual("M1", `what went back of order ${order.id}`, order.refunded, atStripe.gone);
  mustEqual("M1", `what banks hold of order ${order.id}`, known, atStripe.contested);
  return atStripe;
}

/** What was withdrawn of a charge. */
interface Taken {
  readonly gone: number;
  readonly contested: number;
  readonly isChargedBack: boolean;
}

function checkOrder(order: OrderState, { gone, contested, isChargedBack }: Taken): void {
  const { id, amount, hold, requested, refunded, given } = order;
  // Stripe permanently refuses to refund a charge that is partly charged back; staff settle those.
  const isDone = requested === refunded || contested > 0 || isChargedBack;
  mustHold("M1", isDone, () => `${requested - refunded} of order ${id} are still to be refunded`);
  const left = amount - Math.max(gone, requested) - contested;
  const share = shareOf(order, left);
  const has = given.gross - given.takenBack;
  const isRight = hold === "released" ? has === share : has <= share;
  mustHold(
    "M3",
    isRight,
    () => `of order ${id}, ${hold}, the builder has ${has} instead of ${share}`,
  );
}

/** The platform's expected balance: fees, held money, and advances and repayments. */
function checkPlatform(
  books: StripeBooks,
  charges: readonly Charge[],
  {
    currency,
    forPlatform,
    owed,
    fees,
    byHand,
  }: {
    readonly currency: string;
    readonly forPlatform: number;
    readonly owed: number;
    readonly fees: number;
    readonly byHand: number;
  },
): void {
  const ours = new Set(charges.map(({ id }) => id));
  const refunds = [...books.refunds.values()].filter(({ chargeId }) => ours.has(chargeId));
  // Booked but not gone: a refund that is waiting for funds, was cancelled, or was returned.
  const still = refunds.filter(({ hasLeft, hasComeBack }) => !hasLeft || hasComeBack);
  const disputeFees = books.disputeFees.get(currency) ?? 0;
  const merch = [...books.charges.values()].some(({ orderId }) => orderId === undefined);
  const turned = [...books.disputes.values()].some(({ isOverturned }) => isOverturned);
  const tooMuch = charges.some((charge) => isOverspent(books, charge));
  // Manual settlements belong to no order; merch is in the ledger.
  if (merch || turned || tooMuch) return;
  const due = forPlatform - owed + fees - disputeFees + byHand + sumOf(still);
  mustEqual("M1", "the platform's balance from orders", books.cashOf("platform", currency), due);
}

/** Whether refunds and disputes of a charge exceed it, because a returned refund was made again. */
function isOverspent(books: StripeBooks, { id, amount }: Charge): boolean {
  const disputed = books.disputesOf(id).map(({ withdrawn }) => ({ amount: withdrawn }));
  return sumOf([...books.refundsOf(id), ...disputed]) > amount;
}
