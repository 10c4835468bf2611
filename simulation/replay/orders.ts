import { checkMessages } from "../models/message-order.ts";
import { PlainOrders } from "../models/order/index.ts";
import type { Known } from "../models/order/known.ts";
import { checkOrdersAtRest } from "../models/order/rest.ts";
import type { CaseState, OrderState, ParcelState } from "../models/order/state.ts";
import { StripeBooks } from "../models/stripe-books.ts";
import type { Market } from "../scenarios/shop/market.ts";
import type { Stage } from "../stage.ts";
import { toOrderCommit } from "./order-record.ts";
import type { Entry } from "./record.ts";

/**
 * The shop's configuration, as in docs/invariants.md. A clock is off by at most a minute, and an
 * instance may be frozen for 70 seconds after reading it.
 */
const TERMS = {
  feeBps: 500,
  heldMs: 14 * 24 * 3_600_000,
  skewMs: 150_000,
  isHeldUntilSent: false,
};
const CURRENCY = "usd";

/** Replays a record with the orders' reference model. Throws RuleBroken where it disagrees. */
export function replayOrders(
  entries: readonly Entry[],
  terms: Partial<Known["terms"]> = {},
): PlainOrders {
  const books = new StripeBooks();
  const orders = new PlainOrders(books, { ...TERMS, ...terms });
  for (const entry of entries) {
    if (entry.kind === "commit") orders.commit(toOrderCommit(entry.atMs, entry.changes()));
    if (entry.kind === "stripe") orders.apply(books.take(entry.event));
  }
  return orders;
}

/** Notes what can happen to a parcel and sometimes does. */
function noteParcel(parcel: ParcelState, { been }: Known, note: (what: string) => void): void {
  const { id, state, orderIds, isPriceWrong, arrivedBy, sentAtMs, dispatchByMs } = parcel;
  note(`parcel: ${state}`);
  if (orderIds.length > 1) note("parcel: joined bundle");
  if (isPriceWrong) note("parcel: price-wrong");
  if (arrivedBy) note(`parcel: arrived by ${arrivedBy}`);
  if (been.has(`parcel ${id} corrected`)) note("parcel: corrected number");
  if (sentAtMs !== undefined && sentAtMs > dispatchByMs) note("parcel: sent late");
}

/** What happened only because time passed. */
function noteDeadlines({ been }: Known, note: (what: string) => void): void {
  for (const fact of been) {
    const [, kind] = /^deadline (\S+)/.exec(fact) ?? [];
    if (kind) note(`deadline: ${kind}`);
  }
}

/** What happens to orders of several units, besides their states. */
function noteSeveral(known: Known, note: (what: string) => void): void {
  for (const { id, quantity, requested, amount } of known.orders.values()) {
    if (quantity === 1) continue;
    if (requested > 0 && requested < amount) note(`${SEVERAL}, refunded in part`);
    if (known.been.has(`cancellation ${id} accepted`)) note(`${SEVERAL}, canceled`);
    if (known.been.has(`case ${id} replace`)) note(`${SEVERAL}, sent again`);
  }
}

const SEVERAL = "replayed: an order of several units";

/** Notes how requests to cancel and cases went. */
function noteRequests({ orders, cases, been }: Known, note: (what: string) => void): void {
  for (const fact of been) {
    const [, answer] = /^cancellation \S+ (\S+)$/.exec(fact) ?? [];
    if (answer) note(`cancellation: ${answer}`);
    const [, move] = /^case \S+ (\S+ by \S+)$/.exec(fact) ?? [];
    if (move) note(`case: ${move}`);
  }
  for (const found of cases.values()) noteOutcome(found, orders.get(found.orderId), note);
}

function noteOutcome(
  { outcome }: CaseState,
  order: OrderState | undefined,
  note: (what: string) => void,
): void {
  if (outcome) note(`case: settled with ${outcome}`);
  if (outcome === "refund" && order && order.requested < order.amount) {
    note("case: settled with a part");
  }
}

/** Replays a run's orders, notes their contents, and compares all final balances. */
export function checkOrderReplay(
  { record, stripe, memory, discord, cloud }: Stage,
  note: (what: string) => void,
): void {
  const isHeldUntilSent = cloud.settings["RELEASE_HELD_AFTER"] === "proof-and-shipped";
  const { known } = replayOrders(record.entries(), { isHeldUntilSent });
  for (const { status, quantity } of known.orders.values()) {
    note(`replayed: an order, ${status}`);
    if (quantity > 1) note(`${SEVERAL}, ${status}`);
  }
  for (const { kind, state, amount, shipping } of known.refunds.values()) {
    note(`replayed: a ${kind}, ${state}`);
    if (shipping > 0 && shipping === amount) note("replayed: a refund of shipping alone");
  }
  for (const { reversed } of known.debts.values()) {
    note(`replayed: a debt, ${reversed > 0 ? "reversed" : "not reversed"}`);
  }
  for (const { orderId } of known.books.transfers.values()) {
    note(`replayed: a transfer of ${orderId ? "an order" : "something else"}`);
  }
  const taxed = [...known.orders.values()].filter(({ tax }) => tax > 0);
  if (taxed.length > 0) note("replayed: an order with tax");
  if (taxed.some(({ requested }) => requested > 0)) note("replayed: a refund with tax");
  if (isHeldUntilSent) note("replayed: money that waits for parcels");
  for (const parcel of known.parcels.values()) noteParcel(parcel, known, note);
  noteRequests(known, note);
  noteSeveral(known, note);
  noteDeadlines(known, note);
  const buyers = new Set([...known.orders.values()].map(({ buyer }) => buyer));
  const messages = [...buyers].flatMap((user) =>
    discord.dms(user).map(({ content, embeds }) => ({
      user,
      text: `${content} ${JSON.stringify(embeds)}`,
    })),
  );
  checkMessages(messages, known);
  const { platform, accounts } = stripe.balances();
  const market = memory.get("market") as Market | undefined;
  checkOrdersAtRest(known, {
    currency: CURRENCY,
    ownMoney: -(market?.platformPaidOut ?? 0),
    sentByHand: market?.sentByHand ?? 0,
    balanceOf: (owner) =>
      (owner === "platform" ? platform[CURRENCY] : accounts[owner]?.[CURRENCY]) ?? 0,
  });
}
