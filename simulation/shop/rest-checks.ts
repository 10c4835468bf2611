import { builderShare } from "../../shared/domain/money.ts";
import { toldTo } from "../people.ts";
import { mustEqual, mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import {
  type ChargedSale,
  type StoredOrder,
  storedDebts,
  storedOrders,
  stripeBooks,
  sum,
} from "./books.ts";
import { marketOf } from "./market.ts";

const SOLD = ["paid", "building"];

/** Liveness, I2, I4, M1, M3 and N1 of docs/invariants.md. */
export async function checkShopRest(stage: Stage): Promise<void> {
  const orders = await storedOrders(stage);
  await checkNothingWaits(stage, orders);
  await checkMoney(stage, orders);
  await checkMessages(stage, orders);
  await checkLimits(stage, orders);
}

/** I4: who was refused for the limit had that many of the drop, or was about to. */
async function checkLimits(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  for (const { id, buyer, dropId, over } of marketOf(stage).presses) {
    const answer = stage.discord.interaction(id)?.original?.content ?? "";
    if (!answer.startsWith("You already have as many of these")) continue;
    const drop = await stage.database.collection("inventory").doc(dropId).get();
    const limit = Number(drop.get("limit_per_buyer"));
    const own = orders.filter((order) => order.buyer === buyer && order.dropId === dropId);
    const had = own.filter((order) => !over.has(order.id)).length;
    mustHold("I4", had >= limit, () => `${buyer} had ${had} of drop ${dropId}: "${answer}"`);
  }
}

async function checkNothingWaits(
  { database }: Stage,
  orders: readonly StoredOrder[],
): Promise<void> {
  for (const { id, status, refunded, refundRequested, chargeId, isPaid, ...order } of orders) {
    // A reservation lasts 31 minutes, and the rest is longer.
    mustHold("Liveness", status !== "reserved", () => `order ${id} is still reserved`);
    mustEqual("Liveness", `what is refunded of order ${id}`, refunded, refundRequested);
    const isLost = Boolean(chargeId) && !isPaid && order.dispute !== "open";
    if (isLost)
      mustEqual(
        "I3",
        `what is refunded of the unwanted payment of order ${id}`,
        refunded,
        order.amount,
      );
  }
  const letters = await database.collection("dead_letters").get();
  const open = letters.docs.map(
    (letter) => `${letter.get("function_name")}: ${letter.get("reason")}`,
  );
  mustEqual("G3", "the open dead letters", open, []);
}

async function checkMoney(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  const { builder, account, paidOut } = marketOf(stage);
  const { sales, openDisputes } = await stripeBooks(stage);
  const debts = await storedDebts(stage, builder);
  for (const sale of sales) {
    const order = orders.find(({ id }) => id === sale.orderId);
    const books = [order?.chargeId, order?.amount, order?.refunded];
    mustEqual("M1", `our record of charge ${sale.id}`, books, [sale.id, sale.amount, sale.gone]);
    if (!order) continue;
    const isKept = order.refunded === order.amount || SOLD.includes(order.status);
    mustHold("M1", isKept, () => `order ${order.id} is ${order.status} with money left in it`);
    const owed = sum(debts.filter(({ orderId }) => orderId === order.id));
    checkTransfer(order, sale, owed);
  }
  const { platform, accounts } = stage.stripe.balances();
  const got = (accounts[account]?.["usd"] ?? 0) + paidOut;
  const gone = sales.reduce((total, sale) => total + sale.gone, 0);
  const all = got + (platform["usd"] ?? 0) + gone + sum(openDisputes);
  mustEqual("M1", "the money at Stripe", all, sum(sales));
  const parts = orders.map(({ transfer }) => ({ amount: partOf(transfer) - transfer.netted }));
  mustEqual("M1", "what the builder got", got, sum(parts) + sum(debts));
  const netted = sum(orders.map(({ transfer }) => ({ amount: transfer.netted })));
  mustEqual(
    "M3",
    "what was kept of payments for debts",
    netted,
    sum(debts.map(({ settled }) => ({ amount: settled }))),
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
  const share = builderShare(order);
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

async function checkMessages(stage: Stage, orders: readonly StoredOrder[]): Promise<void> {
  const { database } = stage;
  const processed = await database.collection("processed").get();
  const recorded = new Set(processed.docs.map(({ id }) => id));
  const { buyers, unreachable } = marketOf(stage);
  const told = buyers.flatMap((user) => toldTo(stage, user));
  for (const { id, isPaid, chargeId, hold, buyer } of orders) {
    const isReached = !unreachable.has(buyer);
    const receipts = told.filter((text) => text.includes("Receipt") && text.includes(id));
    const what = `whether the buyer of order ${id} has a receipt`;
    if (isReached || !isPaid) mustEqual("N1", what, receipts.length > 0, isPaid);
    const due: string[] = [];
    if (isPaid) due.push(`sold:${id}`);
    if (isReached && isPaid) due.push(`receipt:${id}`);
    if (isReached && chargeId && !isPaid) due.push(`apology:${id}`);
    if (hold === "released") due.push(`released:${id}`);
    const refunds = await database.collection(`orders/${id}/refunds`).get();
    for (const refund of refunds.docs) {
      const isToTell = refund.get("kind") === "refund" && refund.get("state") === "made";
      if (!isToTell || refund.id === "unit-gone") continue;
      const isEnd = refund.id === "hold-ended";
      if (isReached) due.push(isEnd ? `hold-ended:${id}:buyer` : `refunded:${id}:${refund.id}`);
      due.push(isEnd ? `hold-ended:${id}:builder` : `refunded-by:${id}:${refund.id}`);
    }
    mustEqual(
      "N1",
      `what nobody was notified of for order ${id}`,
      due.filter((key) => !recorded.has(key)),
      [],
    );
  }
}
