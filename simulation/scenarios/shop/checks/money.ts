import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { marketOf } from "../market.ts";
import {
  type ChargedSale,
  reversalsOf,
  type StoredDebt,
  type StoredOrder,
  storedDebts,
  stripeBooks,
  sum,
} from "./books.ts";

const SOLD = ["paid", "building", "shipped", "delivered"];
const DAY_MS = 24 * 3_600_000;
/** A debt is retried a day after the last attempt, by the next sweep. */
const SWEPT_MS = 3_600_000;

/** M1, M3 and M7 of docs/invariants.md. */
export async function checkShopMoney(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  const market = marketOf(stage);
  const { builder, account, paidOut, overturned, takenByHand } = market;
  const { sales, sentBack, transfers } = await stripeBooks(stage);
  const charged = new Set(sales.map(({ id }) => id));
  const strange = orders.filter(({ chargeId }) => chargeId && !charged.has(chargeId));
  mustEqual("M1", "charges that are not at Stripe", strange, []);
  const debts = await storedDebts(stage, builder);
  const reversed = await reversedByDebt(stage, sales);
  for (const sale of sales) {
    const order = orders.find(({ id }) => id === sale.orderId);
    // Staff settle what an appeal changes in an order.
    const isTurned = overturned.has(sale.id);
    const gone = isTurned ? (order?.refunded ?? 0) : sale.gone;
    const books = [order?.chargeId, order?.amount, order?.refunded];
    mustEqual("M1", `the product's record of charge ${sale.id}`, books, [
      sale.id,
      sale.amount,
      gone,
    ]);
    if (!order) continue;
    const isKept = order.refunded === order.amount || SOLD.includes(order.status);
    mustHold("M1", isKept, () => `order ${order.id} is ${order.status} with money left in it`);
    const own = debts.filter(({ orderId }) => orderId === order.id);
    checkTransfers(order, sale, own, { reversed, takenByHand });
    const contested = isTurned ? contestedBy(order) : sale.contested;
    checkShare(order, contested);
  }
  const settled = sum(debts.map((debt) => ({ amount: debt.settled })));
  const { platform, accounts } = stage.stripe.balances();
  const got = (accounts[account]?.["usd"] ?? 0) + paidOut;
  const all = got + (platform["usd"] ?? 0) + market.platformPaidOut + sentBack;
  mustEqual("M1", "the money at Stripe", all, sum(sales));
  const byHand = [...takenByHand.values()].reduce((total, amount) => total - amount, 0);
  const given = sum(orders.map(({ transfer }) => ({ amount: transfer.gross })));
  const due = given - settled + market.sentByHand + byHand;
  mustEqual("M1", "what the builder received", got, due);
  const netted = sum(orders.map(({ transfer }) => ({ amount: transfer.netted })));
  const returned = [...reversed.values()].reduce((total, amount) => total + amount, 0);
  mustEqual("M3", "what was withheld from transfers for debts", netted, settled - returned);
  const leftOf = (orderId: string) =>
    sum(
      transfers
        .filter(({ metadata }) => metadata["order_id"] === orderId)
        .map((each) => ({ amount: each.amount - each.amount_reversed })),
    );
  checkDebtsAreTaken(stage, debts, leftOf);
}

/** The total reversed for each debt, by the debt's id. */
async function reversedByDebt(
  stage: Stage,
  sales: readonly ChargedSale[],
): Promise<ReadonlyMap<string, number>> {
  const reversed = new Map<string, number>();
  for (const { id, amount_reversed: amount } of sales.flatMap(({ transfers }) => transfers)) {
    for (const reversal of amount > 0 ? await reversalsOf(stage, id) : []) {
      // Reversals without a cause were made manually.
      const [debt] = /^.*(?=:\d+$)/.exec(reversal.metadata["cause_id"] ?? "") ?? [];
      if (debt) reversed.set(debt, (reversed.get(debt) ?? 0) + reversal.amount);
    }
  }
  return reversed;
}

/**
 * M7: a debt is collected as soon as the money of the builder's transfers has been available for a
 * day.
 */
function checkDebtsAreTaken(
  stage: Stage,
  debts: readonly StoredDebt[],
  leftOf: (orderId: string) => number,
): void {
  const { stripe, cloud } = stage;
  const { account } = marketOf(stage);
  const nowMs = cloud.clock.nowMs();
  for (const { id, amount, settled, dueAtMs } of debts) {
    const isOpen = settled < amount;
    mustEqual("M7", `whether debt ${id} is tried again`, dueAtMs !== undefined, isOpen);
    if (dueAtMs === undefined) continue;
    const isInTime = dueAtMs > nowMs - SWEPT_MS && dueAtMs <= nowMs + DAY_MS + SWEPT_MS;
    mustHold(
      "M7",
      isInTime,
      () => `debt ${id} is tried ${(dueAtMs - nowMs) / 60_000} min from now`,
    );
  }
  const yesterdayMs = nowMs - DAY_MS - SWEPT_MS;
  const owed = debts.filter(
    (debt) =>
      debt.amount > debt.settled && debt.createdAtMs < yesterdayMs && leftOf(debt.orderId) > 0,
  );
  const events = stripe.events();
  const own = events.filter((event) => event.account === account);
  const sent = events.filter(({ type }) => type === "transfer.created");
  const settledAt = own.findLast(({ type }) => type === "balance.available")?.created ?? Infinity;
  const paidOutAt = own.findLast(({ type }) => type === "payout.paid")?.created ?? 0;
  const lastSentAt = sent.at(-1)?.created ?? 0;
  const isThere = Math.max(settledAt, paidOutAt, lastSentAt) * 1000 < yesterdayMs;
  const isOurs = !own.some(({ type }) => type === "account.application.deauthorized");
  const available = stripe.available(account);
  mustHold(
    "M7",
    owed.length === 0 || !isThere || !isOurs || available <= 0,
    () => `${JSON.stringify(owed)} is owed, and ${available} is available for a day at least`,
  );
}

/** An order's transfers and reversals at Stripe match the product's records. */
function checkTransfers(
  { id, transfer }: StoredOrder,
  { transfers }: ChargedSale,
  debts: readonly StoredDebt[],
  {
    reversed,
    takenByHand,
  }: {
    readonly reversed: ReadonlyMap<string, number>;
    readonly takenByHand: ReadonlyMap<string, number>;
  },
): void {
  mustHold("M3", !transfer.isSending, () => `a transfer of order ${id} has no outcome`);
  const made = transfers.map((each) => each.id);
  mustEqual("M3", `the transfers of order ${id}`, made, transfer.ids);
  const sent = transfer.gross - transfer.netted;
  mustEqual("M3", `what was sent of order ${id}`, sum(transfers), sent);
  const byHand = sum(transfers.map((each) => ({ amount: takenByHand.get(each.id) ?? 0 })));
  const back = sum(transfers.map((each) => ({ amount: each.amount_reversed }))) - byHand;
  const meant = sum(debts.map((debt) => ({ amount: reversed.get(debt.id) ?? 0 })));
  mustEqual("M3", `what is reversed of order ${id}`, back, meant);
  mustEqual("M3", `what is owed of order ${id}`, sum(debts), transfer.takenBack);
  for (const debt of debts) {
    const least = reversed.get(debt.id) ?? 0;
    const isRight = least <= debt.settled && debt.settled <= debt.amount;
    const what = `${debt.settled} of ${debt.amount}, ${least} of it reversed`;
    mustHold("M3", isRight, () => `of debt ${debt.id} is settled ${what}`);
  }
}

/** The builder received their share of what is left of an order, or less while it is held. */
function checkShare(order: StoredOrder, contested: number): void {
  const { id, amount, hold, transfer } = order;
  const gone = Math.max(order.refunded, order.refundRequested) + contested;
  const left = Math.max(0, amount - gone);
  const share = shareOfLeft(order, left);
  const has = transfer.gross - transfer.takenBack;
  mustHold(
    "M3",
    hold === "released" ? has === share : has <= share,
    () => `of order ${id}, ${hold}, the builder has ${has}, and their share is ${share}`,
  );
}

/**
 * The builder's part of what is left of an order: of the items less the fee, and of the shipping.
 * Refunds contain the tax on what they refund.
 */
function shareOfLeft(order: StoredOrder, left: number) {
  const { amount, fee, shipping, shippingTax, tax, shippingRefunded } = order;
  const withTax = shipping + shippingTax;
  const items = amount - withTax;
  const price = items - (tax - shippingTax);
  const shippingLeft = Math.min(left, withTax - shippingRefunded);
  const ofItems = Math.floor(((price - fee) * (left - shippingLeft)) / items);
  return ofItems + (withTax > 0 ? Math.floor((shipping * shippingLeft) / withTax) : 0);
}

/** What banks have withdrawn from an order besides its refunds. */
function contestedBy({ disputes }: StoredOrder): number {
  return sum(disputes.map((each) => ({ amount: each.isBooked ? 0 : each.withdrawn })));
}
