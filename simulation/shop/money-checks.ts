import { mustEqual, mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import {
  type ChargedSale,
  type StoredDebt,
  type StoredOrder,
  storedDebts,
  stripeBooks,
  sum,
} from "./books.ts";
import { marketOf } from "./market.ts";

const SOLD = ["paid", "building"];
const DAY_MS = 24 * 3_600_000;

/** M1, M3 and M7 of docs/invariants.md. */
export async function checkShopMoney(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  const market = marketOf(stage);
  const { builder, account, paidOut, overturned, takenByHand } = market;
  const { sales, sentBack } = await stripeBooks(stage);
  const charged = new Set(sales.map(({ id }) => id));
  const strange = orders.filter(({ chargeId }) => chargeId && !charged.has(chargeId));
  mustEqual("M1", "what is charged and not at Stripe", strange, []);
  const debts = await storedDebts(stage, builder);
  for (const sale of sales) {
    const order = orders.find(({ id }) => id === sale.orderId);
    // What an appeal changes in an order is settled by the staff.
    const gone = overturned.has(sale.id) ? (order?.refunded ?? 0) : sale.gone;
    const books = [order?.chargeId, order?.amount, order?.refunded];
    mustEqual("M1", `our record of charge ${sale.id}`, books, [sale.id, sale.amount, gone]);
    if (!order) continue;
    const isKept = order.refunded === order.amount || SOLD.includes(order.status);
    mustHold("M1", isKept, () => `order ${order.id} is ${order.status} with money left in it`);
    const owed = sum(debts.filter(({ orderId }) => orderId === order.id));
    const byHand = takenByHand.get(order.transfer.id ?? "") ?? 0;
    checkTransfer(order, sale, owed - byHand);
  }
  const { platform, accounts } = stage.stripe.balances();
  const got = (accounts[account]?.["usd"] ?? 0) + paidOut;
  const all = got + (platform["usd"] ?? 0) + market.platformPaidOut + sentBack;
  mustEqual("M1", "the money at Stripe", all, sum(sales));
  const byHand = [...takenByHand.values()].reduce((total, amount) => total - amount, 0);
  const parts = orders.map(({ transfer }) => ({ amount: partOf(transfer) - transfer.netted }));
  const given = sum(parts) + sum(debts) + market.sentByHand + byHand;
  mustEqual("M1", "what the builder got", got, given);
  const netted = sum(orders.map(({ transfer }) => ({ amount: transfer.netted })));
  mustEqual(
    "M3",
    "what was kept of payments for debts",
    netted,
    sum(debts.map(({ settled }) => ({ amount: settled }))),
  );
  checkDebtsAreTaken(stage, debts);
}

/** M7: what is owed is taken from what the builder has had available for a day. */
function checkDebtsAreTaken(stage: Stage, debts: readonly StoredDebt[]): void {
  const { stripe, cloud } = stage;
  const { account } = marketOf(stage);
  const yesterdayMs = cloud.clock.nowMs() - DAY_MS;
  const owed = debts.filter((debt) => debt.amount > debt.settled && debt.createdAtMs < yesterdayMs);
  const own = stripe.events().filter((event) => event.account === account);
  const settledAt = own.find(({ type }) => type === "balance.available")?.created ?? Infinity;
  const paidOutAt = own.findLast(({ type }) => type === "payout.paid")?.created ?? 0;
  const isThere = Math.max(settledAt, paidOutAt) * 1000 < yesterdayMs;
  const isOurs = !own.some(({ type }) => type === "account.application.deauthorized");
  const available = stripe.available(account);
  mustHold(
    "M7",
    owed.length === 0 || !isThere || !isOurs || available <= 0,
    () => `${JSON.stringify(owed)} is owed, and ${available} is available for a day at least`,
  );
}

/** One order's transfer: at most one, and moved back by what we say, but for what is owed. */
function checkTransfer(order: StoredOrder, sale: ChargedSale, owed: number): void {
  const { id, amount, plan, transfer } = order;
  const { gross, netted, takenBack, feeReturned } = transfer;
  const isSplit = plan === "split";
  const toSend = isSplit ? amount : gross - netted;
  const made = sale.transfers.map((each) => [each.id, each.amount]);
  mustEqual("M3", `the transfers of order ${id}`, made, toSend > 0 ? [[transfer.id, toSend]] : []);
  const reversed = sale.transfers[0]?.amount_reversed ?? 0;
  const meant = takenBack + (isSplit ? netted : 0) - owed;
  mustEqual(
    "M3",
    `what is taken back of order ${id}`,
    [reversed, sale.feeReturned],
    [meant, feeReturned],
  );
  if (gross === 0) return;
  const share = Math.floor(((amount - order.fee) * (amount - order.refunded)) / amount);
  const has = partOf(transfer);
  const isRight = sale.reversedByStaff > 0 ? has <= share : has === share;
  mustHold(
    "M3",
    isRight,
    () => `of order ${id} the builder has ${has}, and their share is ${share}`,
  );
}

function partOf({ gross, feeReturned, takenBack }: StoredOrder["transfer"]): number {
  return gross + feeReturned - takenBack;
}
