import { mustEqual, mustHold } from "../../rules.ts";
import { isFee, type Known, sumOf } from "./known.ts";
import type { Changed, DebtState, OrderCommit, OrderState, SendingState } from "./state.ts";

const WORKED_ON = ["paid", "building", "shipped", "delivered"];

/**
 * S8: the builder's maximum share of an order: of the items less the fee the proportion that is left
 * of them, and of the shipping the same, each rounded down. Both are charged with their tax, which
 * is the platform's.
 */
export function shareOf(order: OrderState, leftInAll: number): number {
  const { amount, fee, shipping, shippingTax, tax, requestedShipping } = order;
  const left = Math.max(0, leftInAll);
  const shippingGross = shipping + shippingTax;
  const itemsGross = amount - shippingGross;
  const items = amount - shipping - tax;
  const shippingLeft = Math.min(left, shippingGross - requestedShipping);
  const ofShipping =
    shippingGross === 0 ? 0 : Math.floor((shipping * shippingLeft) / shippingGross);
  return Math.floor(((items - fee) * (left - shippingLeft)) / itemsGross) + ofShipping;
}

/**
 * M3, M4: the builder's share of an order after each commit. A transfer in progress is awaited;
 * otherwise an excess is being reversed, and a shortfall is held.
 */
export function checkPart({ before, now }: Changed<OrderState>, known: Known): void {
  const { id, amount, refunded, requested, disputes, hold, given } = now;
  const open = disputes.filter(({ isBooked }) => !isBooked);
  const contested = open.reduce((sum, { withdrawn }) => sum + withdrawn, 0);
  const share = shareOf(now, amount - Math.max(refunded, requested) - contested);
  const debts = [...known.debts.values()].filter((debt) => debt.orderId === id && !isFee(debt));
  mustEqual("M3", `what order ${id} records as reversed`, given.takenBack, sumOf(debts));
  const { sending } = given;
  const transfers = known.books.transfersOf(id).filter((each) => given.ids.includes(each.id));
  const decided = sending ? sending.gross - sending.netted : 0;
  const out = given.gross - given.netted - decided;
  mustEqual("M3", `what was sent of order ${id}`, sumOf(transfers), out);
  const isUnderWay = sending !== undefined;
  mustEqual("M4", `whether a transfer of order ${id} is on`, hold === "releasing", isUnderWay);
  if (sending) {
    if (!before?.given.sending) checkDecision({ before, now }, { sending, share }, known);
    return;
  }
  const has = given.gross - given.takenBack;
  const isRight =
    hold === "released" ? has === share || sharesAtStripe(now, known).includes(has) : has <= share;
  mustHold("M3", isRight, () => `of order ${id}, ${hold}, the builder has ${has}, not ${share}`);
}

/**
 * The builder's possible shares of what is left by Stripe's books: an owed refund that finds less left there is closed,
 * or becomes smaller, before what took the money is booked. What of the order is decided and not booked may be among
 * the refunds at Stripe already, or may follow.
 */
function sharesAtStripe(order: OrderState, { books }: Known): number[] {
  const charge = books.chargeOf(order.id);
  if (!charge) return [];
  const gone = books.goneOf(charge);
  const contested = books.contestedOf(charge);
  const possible = [Math.max(gone, order.requested), gone + order.requested - order.refunded];
  return possible.map((each) => shareOf(order, order.amount - each - contested));
}

/**
 * M4: money is released when it is paid, booked, uncontested and due; the whole shortfall, once.
 */
function checkDecision(
  { before, now }: Changed<OrderState>,
  { sending, share }: { readonly sending: SendingState; readonly share: number },
  { books, terms }: Known,
): void {
  const { id, plan, proof, status, disputes, requested, refunded, parcelState } = now;
  const isOut = parcelState === undefined || ["sent", "arrived"].includes(parcelState);
  const isEarned = proof !== undefined && (isOut || !terms.isHeldUntilSent);
  const isDue = (plan === "split" || isEarned) && WORKED_ON.includes(status);
  const isContested = disputes.some(({ outcome }) => outcome === "open");
  const isRefunding = requested !== refunded;
  const isBooked = books.chargeOf(id)?.isBooked === true;
  const release = `order ${id}, ${before?.hold}, is released`;
  mustHold("M4", before?.hold === "held", () => `${release} without being held`);
  mustHold("M4", isDue, () => `${release} before it is due`);
  mustHold("M4", !isContested, () => `${release} while a dispute is open`);
  mustHold("M4", !isRefunding, () => `${release} while a refund is in progress`);
  mustHold("M4", isBooked, () => `${release} before its charge is booked at Stripe`);
  const had = before.given.gross - before.given.takenBack;
  mustEqual("M3", `the amount decided for the builder of order ${id}`, sending.gross, share - had);
  const kept = sending.parts.reduce((sum, { part }) => sum + part, 0);
  const isKept = kept === sending.netted && kept <= sending.gross;
  mustHold("M3", isKept, () => `${kept} of ${sending.gross} of order ${id} are withheld for debts`);
}

/** M7: a debt is settled only by money that moved: reversed, or withheld from a transfer. */
export function checkDebt(
  { before, now }: Changed<DebtState>,
  { orders }: OrderCommit,
  { books }: Known,
): void {
  const { id, amount, settled, reversed } = now;
  mustHold("M7", settled <= amount, () => `debt ${id} of ${amount} is settled by ${settled}`);
  const atStripe = books.reversedFor(id);
  mustHold("M7", reversed <= atStripe, () => `${reversed} of debt ${id} reversed, not ${atStripe}`);
  const kept = orders.reduce((sum, change) => sum + keptFor(id, change), 0);
  const moved = reversed - (before?.reversed ?? 0) + kept;
  const more = settled - (before?.settled ?? 0);
  mustEqual("M7", `the newly settled amount of debt ${id}`, more, moved);
}

/**
 * The amount that a commit withholds from a transfer for a debt; negative when Stripe refused the
 * transfer.
 */
function keptFor(debtId: string, { before, now }: Changed<OrderState>): number {
  const partIn = (sending: SendingState | undefined) =>
    sending?.parts.find(({ id }) => id === debtId)?.part ?? 0;
  const [was, is] = [before?.given.sending, now.given.sending];
  if (is && !was) return partIn(is);
  const isRefused = was && !is && now.given.gross < (before?.given.gross ?? 0);
  return isRefused ? -partIn(was) : 0;
}
