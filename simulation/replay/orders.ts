import { PlainOrders } from "../models/order.ts";
import { checkOrdersAtRest } from "../models/order-rest.ts";
import { StripeBooks } from "../models/stripe-books.ts";
import type { Market } from "../shop/market.ts";
import type { Stage } from "../stage.ts";
import { toOrderCommit } from "./order-record.ts";
import type { Entry } from "./record.ts";

/** As the shop is configured, and as docs/invariants.md says. */
const TERMS = { feeBps: 500, heldMs: 14 * 24 * 3_600_000, skewMs: 60_000 };
const CURRENCY = "usd";

/** Takes a record through the plain rules of orders. Throws RuleBroken where it does not follow them. */
export function replayOrders(entries: readonly Entry[]): {
  orders: PlainOrders;
  books: StripeBooks;
} {
  const books = new StripeBooks();
  const orders = new PlainOrders(books, TERMS);
  for (const entry of entries) {
    if (entry.kind === "commit") orders.commit(toOrderCommit(entry.atMs, entry.changes()));
    if (entry.kind !== "stripe") continue;
    const news = books.take(entry.event);
    if (news.kind === "refund made") orders.refundMade(news.refund);
    if (news.kind === "transfer made" && news.transfer.orderId) orders.transferMade(news.transfer);
    if (news.kind === "reversal made" && news.reversal.causeId) orders.reversalMade(news.reversal);
  }
  return { orders, books };
}

/** Replays a run's orders, and compares what everyone has in the end. */
export function checkOrderReplay({ record, stripe, memory }: Stage): void {
  const { orders, books } = replayOrders(record.entries());
  const { platform, accounts } = stripe.balances();
  const market = memory.get("market") as Market | undefined;
  checkOrdersAtRest(orders, books, {
    currency: CURRENCY,
    ownMoney: -(market?.platformPaidOut ?? 0),
    sentByHand: market?.sentByHand ?? 0,
    balanceOf: (owner) =>
      (owner === "platform" ? platform[CURRENCY] : accounts[owner]?.[CURRENCY]) ?? 0,
  });
}
