import { mustEqual, mustHold } from "../../rules.ts";
import { type Known, sumOf } from "./known.ts";
import type { Changed, OrderCommit, OrderState, RefundState } from "./state.ts";

/** M2: an order's sums match its refunds, and a fully refunded order is over. */
export function checkRefunds(order: OrderState, { refunds }: Known): void {
  const { id, amount, requested, refunded, openRefunds, status, requestedShipping } = order;
  const own = [...refunds.values()].filter(({ orderId }) => orderId === id);
  const made = own.filter(({ state }) => state === "made" || state === "closed");
  const open = own.filter(({ state }) => state === "requested");
  mustEqual("M2", `what is refunded of order ${id}`, refunded, sumOf(made));
  mustEqual("M2", `the requested refunds of order ${id}`, requested, refunded + sumOf(open));
  const forShipping = [...made, ...open].reduce((sum, refund) => sum + refund.shipping, 0);
  mustEqual("M2", `the refunded shipping of order ${id}`, requestedShipping, forShipping);
  const shipping = order.shipping + order.shippingTax;
  mustHold("M2", forShipping <= shipping, () => `${forShipping} of order ${id} is shipping`);
  mustHold(
    "M2",
    requested <= amount,
    () => `${requested} of order ${id} is refunded, of ${amount}`,
  );
  const ids = open.map((refund) => refund.id).toSorted();
  mustEqual("M2", `the open refunds of order ${id}`, openRefunds.toSorted(), ids);
  const isOver = status === "refunded" || status === "charged_back";
  mustEqual("M5", `whether order ${id}, ${status}, is all back`, isOver, refunded === amount);
}

/**
 * M1: a refund is booked once Stripe has made it, a dispute once it is lost; each of Stripe's
 * refunds is booked once.
 */
export function checkBooking(
  { before, now }: Changed<RefundState>,
  { orders }: OrderCommit,
  known: Known,
): void {
  const { orderId, id, kind, state, amount } = now;
  const { books, booked, been } = known;
  if (state === "requested") been.add(`refund ${orderId} ${id} decided ${amount}`);
  if (state !== "made" || before?.state === "made") return;
  const order = orders.find((each) => each.now.id === orderId);
  const left = (order?.now.amount ?? 0) - (order?.before?.refunded ?? 0);
  const what = `${kind} ${id} of order ${orderId}, ${amount}`;
  // Stripe may have refunded or withdrawn more than the product knew to be left.
  const fits = (atStripe: number) => Math.min(atStripe, left) === amount;
  if (kind === "refund") {
    const refund = books
      .refundsOf(books.chargeOf(orderId)?.id ?? "")
      .find((each) => (each.ours ?? each.id) === id && !booked.has(each.id));
    mustHold("M1", refund !== undefined, () => `${what}, is booked, but does not exist at Stripe`);
    mustHold("M1", fits(refund.amount), () => `${what}, is ${refund.amount} at Stripe`);
    booked.add(refund.id);
  } else {
    const { statuses, amounts = new Set<number>() } = books.disputes.get(id) ?? {};
    const isLost = statuses?.has("lost") || statuses?.has("prevented");
    mustHold("M1", isLost === true, () => `${what}, is booked, but is not lost at Stripe`);
    mustHold("M1", [...amounts].some(fits), () => `${what}, is ${[...amounts]} at Stripe`);
  }
  been.add(`${kind} of ${orderId}`).add(`refund ${orderId} ${id} made`);
}

/** M1: an order's disputes match what Stripe has reported. */
export function checkDisputes({ id, disputes }: OrderState, { books }: Known): void {
  for (const { id: disputeId, withdrawn, outcome } of disputes) {
    const dispute = books.disputes.get(disputeId);
    const what = `dispute ${disputeId} of order ${id}`;
    const isKnown = dispute?.amounts.has(withdrawn) ?? false;
    mustHold("M1", isKnown, () => `${what} took ${withdrawn}, which Stripe never reported`);
    const outcomes = [...(dispute?.statuses ?? [])].flatMap(outcomesOf);
    mustHold("M1", outcomes.includes(outcome), () => `${what} is not ${outcome} at Stripe`);
  }
}

/**
 * The outcomes that a dispute's status allows. `prevented` has withdrawn the money; a lost
 * dispute's may have been returned.
 */
function outcomesOf(status: string): readonly string[] {
  if (status === "won" || status === "warning_closed") return ["won"];
  if (status === "lost") return ["lost", "won"];
  return status === "prevented" ? ["lost"] : ["open"];
}
