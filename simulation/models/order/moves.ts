import { mustEqual, mustHold } from "../../rules.ts";
import type { Known } from "./known.ts";
import type { OrderState } from "./state.ts";

/** What must have apply for an order's transition. */
type Cause =
  | "a bank works on its payment"
  | "its charge is paid and its money held"
  | "nobody can pay for it any more"
  | "it was built on stream"
  | "somebody reports it"
  | "it is sent again"
  | "all of it was refunded"
  | "banks took the rest of it back";

const PAYABLE = {
  processing: "a bank works on its payment",
  paid: "its charge is paid and its money held",
} as const;
const BACK = {
  refunded: "all of it was refunded",
  charged_back: "banks took the rest of it back",
} as const;

/** As a case about it was settled. */
const AGAIN = { paid: "it is sent again", building: "it is sent again" } as const;

/**
 * M5: every allowed transition of an order and its cause. A payment can still arrive for an ended
 * order.
 */
const MOVES: Readonly<Record<string, Readonly<Record<string, Cause>>>> = {
  reserved: {
    ...PAYABLE,
    expired: "nobody can pay for it any more",
    cancelled: "nobody can pay for it any more",
  },
  processing: { paid: PAYABLE.paid, cancelled: "nobody can pay for it any more" },
  expired: { ...PAYABLE, ...BACK },
  cancelled: { ...PAYABLE, ...BACK },
  paid: { building: "it was built on stream", shipped: "somebody reports it", ...BACK },
  building: { shipped: "somebody reports it", ...BACK },
  shipped: { delivered: "somebody reports it", ...AGAIN, ...BACK },
  delivered: { ...AGAIN, ...BACK },
};

/** Fields that never change once they are set. */
const FIXED = [
  ...(["buyer", "builder", "quantity", "fee", "currency", "plan"] as const),
  ...(["intentId", "chargeId", "paidAtMs", "proof"] as const),
] as const;

/**
 * I8, M5, M10: an order begins as reserved, with the same price for each piece and the platform's
 * fee on all of them rounded down.
 */
export function checkNew(order: OrderState, { terms }: Known): void {
  const { id, status, quantity, fee, tax } = order;
  mustEqual("M5", `the first state of order ${id}`, status, "reserved");
  mustEqual("S8", `the tax of order ${id}, which is not paid,`, tax, 0);
  const items = itemsOf(order);
  mustEqual("I8", `what is left over per piece of order ${id}`, items % quantity, 0);
  const due = Math.floor((items * terms.feeBps) / 10_000);
  mustEqual("M10", `the fee of order ${id}`, fee, due);
}

/** The price of an order's items, without shipping and tax. */
function itemsOf({ amount, shipping, tax }: OrderState): number {
  return amount - shipping - tax;
}

/** M5, M6: an order only moves for a valid cause; agreed and paid fields do not change. */
export function checkMove(before: OrderState, now: OrderState, known: Known, atMs: number): void {
  const { id } = now;
  for (const field of FIXED) {
    if (before[field] === undefined) continue;
    mustEqual("M6", `the ${field} of order ${id}`, now[field], before[field]);
  }
  mustEqual("M6", `the items' price of order ${id}`, itemsOf(now), itemsOf(before));
  if (before.paidAtMs !== undefined) {
    const parts = [before, now].map(({ amount, shipping, tax }) => [amount, shipping, tax]);
    mustEqual("M6", `what was paid for order ${id}`, parts[1], parts[0]);
  }
  if (before.status === now.status) return;
  const move = `order ${id} went from ${before.status} to ${now.status}`;
  const cause = MOVES[before.status]?.[now.status];
  mustHold("M5", cause !== undefined, () => `${move}, which is not allowed`);
  const isCaused = hasHappened(cause, now, known, atMs);
  mustHold("M5", isCaused, () => `${move}, but it is not true that ${cause}`);
}

function hasHappened(cause: Cause, order: OrderState, known: Known, atMs: number): boolean {
  const { id, sessionId, amount, refunded } = order;
  const session = known.books.sessions.get(sessionId ?? "");
  switch (cause) {
    case "a bank works on its payment":
      return session?.has("processing") === true;
    case "nobody can pay for it any more":
      return sessionId === undefined || session?.has("over") === true || isVoid(order, known);
    case "its charge is paid and its money held":
      return isPaid(order, known, atMs);
    case "it was built on stream":
      return order.proof !== undefined;
    case "somebody reports it":
      return true;
    case "it is sent again":
      return known.been.has(`case ${id} replace`) && order.parcelState === "open";
    case "all of it was refunded":
      return refunded === amount && known.been.has(`refund of ${id}`);
    case "banks took the rest of it back":
      return refunded === amount && known.been.has(`dispute of ${id}`);
  }
}

/** Whether the result that an order is of was taken back: what a bank still pays for it goes back. */
function isVoid({ soldAs }: OrderState, { been }: Known): boolean {
  return been.has(`auction ${soldAs} is void`);
}

/** M9: paid by a charge of exactly its price; held money then waits 14 days for proof. */
function isPaid(order: OrderState, { books, terms }: Known, atMs: number): boolean {
  const { id, chargeId, amount, plan, hold, paidAtMs, heldUntilMs = 0 } = order;
  const charge = books.chargeOf(id);
  const isCharged = charge?.id === chargeId && charge?.amount === amount;
  checkCharged(order, books);
  const isHeld = plan === "split" || heldUntilMs >= atMs + terms.heldMs - terms.skewMs;
  return isCharged && paidAtMs !== undefined && hold === "held" && isHeld;
}

/** S8: an order's parts are those that Stripe has charged: items, shipping and the tax on both. */
function checkCharged(order: OrderState, { charged }: Known["books"]): void {
  const { id, amount, tax, shipping, shippingTax, sessionId } = order;
  const atStripe = charged.get(sessionId ?? "");
  if (!atStripe) return;
  const parts = { total: amount, tax, shipping, shippingTax };
  mustEqual("S8", `what the buyer of order ${id} paid`, parts, atStripe);
}
