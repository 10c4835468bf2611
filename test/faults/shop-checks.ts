import { expect } from "@jest/globals";
import { builderShare } from "../../shared/domain/money.ts";
import { isOrderStatus, moved } from "../../shared/domain/order.ts";
import { community, type TestCloud } from "../support/cloud.ts";
import { isForgotten } from "./copies.ts";
import {
  debtsOf,
  type StoredOrder,
  storedOrders,
  stripeBooks,
  sum,
  toStoredOrder,
} from "./shop-books.ts";
import type { Evening } from "./shop-evening.ts";
import { PERMISSION_DENIED } from "./troubles.ts";

const RESERVED = ["reserved", "processing"];
const ENDED = ["expired", "cancelled"];
const SOLD = ["paid", "building"];
/**
 * Who dies between sending and writing that down, and is tried again only after Discord's memory of a
 * few minutes, says it twice. That is rare: more in one evening are a defect.
 */
const MOST_FORGOTTEN = 1;

/**
 * Holds at every moment: no unit comes or goes, none is in two orders, each order has its own, nobody
 * has more than a drop's limit, nothing is refunded twice, and orders move only as they may.
 */
export async function checkMoment({ cloud, drops, seen }: Evening): Promise<void> {
  const moment = await look(cloud, drops);
  for (const { id, terms, units } of moment.drops) {
    expect(units).toHaveLength(terms.get("stock"));
    const owners = moment.orders.filter(({ dropId }) => dropId === id);
    const takers = units.filter((unit) => unit.get("state") !== "free");
    expect(new Set(takers.map((unit) => unit.get("order_id"))).size).toBe(takers.length);
    for (const unit of takers) {
      const owner = owners.find((order) => order.id === unit.get("order_id"));
      expect(owner).toMatchObject({ unit: Number(unit.id) });
      const isReserved = unit.get("state") === "reserved";
      expect(RESERVED.includes(owner?.status ?? "")).toBe(isReserved);
      expect(ENDED).not.toContain(owner?.status);
    }
    const withUnit = owners.filter(({ status }) => [...RESERVED, ...SOLD].includes(status));
    for (const order of withUnit) {
      const unit = takers.find((taken) => taken.get("order_id") === order.id);
      expect({ order: order.id, unit: unit?.id }).toEqual({
        order: order.id,
        unit: `${order.unit}`,
      });
    }
    for (const buyer of new Set(withUnit.map((order) => order.buyer))) {
      const has = withUnit.filter((order) => order.buyer === buyer).length;
      expect(has).toBeLessThanOrEqual(terms.get("limit_per_buyer"));
    }
  }
  for (const { id, status, refunded, amount } of moment.orders) {
    expect(refunded).toBeLessThanOrEqual(amount);
    const before = seen.get(id) ?? "reserved";
    expect({ id, before, status, may: canBecome(before, status) }).toMatchObject({ may: true });
    seen.set(id, status);
  }
}

/** All orders, and the drops with their units, at one moment. Our own look is not to crash. */
async function look({ firestore }: TestCloud, drops: readonly string[]) {
  for (;;) {
    try {
      return await firestore.runTransaction(
        async (transaction) => ({
          orders: (await transaction.get(firestore.collection("orders"))).docs.map(toStoredOrder),
          drops: await Promise.all(
            drops.map(async (id) => {
              const drop = firestore.collection("inventory").doc(id);
              const { docs } = await transaction.get(drop.collection("units"));
              return { id, terms: await transaction.get(drop), units: docs };
            }),
          ),
        }),
        { readOnly: true },
      );
    } catch (error) {
      if ((error as { code?: unknown }).code !== PERMISSION_DENIED) throw error;
    }
  }
}

/** In the end no page is open for an order, and no money waits for what will not come. */
export async function checkNothingWaits({ cloud }: Evening): Promise<void> {
  for (const order of await storedOrders(cloud)) {
    const { id, status, hold, refunded, amount, dispute, refundRequested } = order;
    expect({ id, status }).not.toEqual({ id, status: "reserved" });
    expect({ id, refundRequested }).toEqual({ id, refundRequested: refunded });
    const isBack = refunded === amount;
    const mayWait = isBack || dispute === "open" || !order.isPaid;
    if (!mayWait)
      expect({ id, hold }).toEqual({ id, hold: order.plan === "held" ? "released" : undefined });
    if (order.chargeId && !order.isPaid && dispute !== "open") {
      expect({ id, isBack }).toEqual({ id, isBack: true });
    }
  }
  const letters = await cloud.firestore.collection("dead_letters").get();
  expect(letters.docs.map((letter) => [letter.get("function_name"), letter.get("reason")])).toEqual(
    [],
  );
}

/** In the end our books and Stripe's are the same, order by order and all together, to the cent. */
export async function checkMoney({ cloud, builder, account, paidOut }: Evening): Promise<void> {
  const orders = await storedOrders(cloud);
  const books = await stripeBooks(cloud);
  const debts = await debtsOf(cloud, builder.id);
  for (const sale of books.sales) {
    const order = orders.find(({ id }) => id === sale.orderId);
    expect(order).toMatchObject({ chargeId: sale.id, amount: sale.amount, refunded: sale.gone });
    if (!order) continue;
    if (order.refunded < order.amount) expect(SOLD).toContain(order.status);
    const owed = sum(debts.filter(({ orderId }) => orderId === order.id));
    checkTransfer(order, sale, owed);
  }
  const charged = new Set(books.sales.map(({ id }) => id));
  for (const { chargeId } of orders) if (chargeId) expect(charged).toContain(chargeId);

  const { platform, accounts } = cloud.stripe.balances();
  const builderGot = (accounts[account]?.["usd"] ?? 0) + paidOut;
  const gone = books.sales.reduce((total, sale) => total + sale.gone, 0);
  const frozen = sum(books.openDisputes);
  expect(builderGot + (platform["usd"] ?? 0) + gone + frozen).toBe(sum(books.sales));

  const parts = orders.map(({ transfer }) => ({ amount: partOf(transfer) - transfer.netted }));
  expect(builderGot).toBe(sum(parts) + sum(debts));
  const kept = orders.map(({ transfer }) => ({ amount: transfer.netted }));
  expect(sum(kept)).toBe(sum(debts.map(({ settled }) => ({ amount: settled }))));
}

type Sale = Awaited<ReturnType<typeof stripeBooks>>["sales"][number];

/** One order's transfer: at most one, and moved back by what we say, but for what is owed. */
function checkTransfer(order: StoredOrder, sale: Sale, owed: number): void {
  const { id, amount, plan, transfer } = order;
  const { gross, netted, takenBack, feeReturned } = transfer;
  const toSend = plan === "split" ? amount : gross - netted;
  const isSplit = plan === "split";
  expect({ id, transfers: sale.transfers.map((made) => [made.id, made.amount]) }).toEqual({
    id,
    transfers: toSend > 0 ? [[transfer.id, toSend]] : [],
  });
  const reversed = sale.transfers[0]?.amount_reversed ?? 0;
  const isMeant = takenBack + (isSplit ? netted : 0) - owed;
  expect({ id, reversed, fee: sale.feeReturned }).toEqual({
    id,
    reversed: isMeant,
    fee: feeReturned,
  });
  if (gross === 0) return;
  const share = builderShare(order);
  const has = partOf(transfer);
  if (sale.reversedByStaff > 0) expect(has).toBeLessThanOrEqual(share);
  else expect({ id, has }).toEqual({ id, has: share });
}

function partOf({ gross, feeReturned, takenBack }: StoredOrder["transfer"]): number {
  return gross + feeReturned - takenBack;
}

/** In the end everyone was told of everything that happened, and of each once. */
export async function checkMessages({ cloud, people, builder, buyers }: Evening): Promise<void> {
  const said = [builder.id, ...buyers].flatMap((user) => cloud.discord.dms(user));
  said.push(...cloud.discord.messages(community.operatorsChannelId));
  const processed = await cloud.firestore.collection("processed").get();
  const recorded = new Map(processed.docs.map((sent) => [sent.id, sent.get("message_id")]));
  const ids = new Set(recorded.values());
  const unrecorded = said.filter(({ id }) => !ids.has(id));
  // Of two it may be the first that was never recorded.
  const unexcused = unrecorded.filter(
    (copy) => !said.some((other) => isForgotten(copy, other) || isForgotten(other, copy)),
  );
  expect(unexcused.map(({ content, embeds }) => [content, embeds])).toEqual([]);
  expect(unrecorded.length).toBeLessThanOrEqual(MOST_FORGOTTEN);

  const told = buyers.flatMap((user) => people.told(user));
  for (const order of await storedOrders(cloud)) {
    const { id } = order;
    const receipts = told.filter((text) => text.includes("Receipt") && text.includes(id));
    expect({ id, isTold: receipts.length > 0 }).toEqual({ id, isTold: order.isPaid });
    const due: string[] = [];
    if (order.isPaid) due.push(`receipt:${id}`, `sold:${id}`);
    if (order.chargeId && !order.isPaid) due.push(`apology:${id}`);
    if (order.hold === "released") due.push(`released:${id}`);
    const refunds = await cloud.firestore.collection(`orders/${id}/refunds`).get();
    for (const refund of refunds.docs) {
      const isToTell = refund.get("kind") === "refund" && refund.get("state") === "made";
      if (isToTell && refund.id === "hold-ended") due.push(`hold-ended:${id}:buyer`);
      else if (isToTell && refund.id !== "unit-gone") {
        due.push(`refunded:${id}:${refund.id}`, `refunded-by:${id}:${refund.id}`);
      }
    }
    expect(due.filter((key) => !recorded.has(key))).toEqual([]);
  }
}

/** Whether orders may go from one state to the other, in however many steps. */
function canBecome(from: string, to: string, tried: readonly string[] = []): boolean {
  if (from === to) return true;
  const states = ["processing", "paid", "expired", "cancelled", "building", "refunded"];
  return [...states, "charged_back"].some((next) => {
    if (tried.includes(next) || !isMove(from, next)) return false;
    return canBecome(next, to, [...tried, from]);
  });
}

function isMove(from: string, to: string): boolean {
  try {
    return isOrderStatus(to) && moved({ id: "", fulfillmentStatus: from }, to) === to;
  } catch {
    return false;
  }
}
