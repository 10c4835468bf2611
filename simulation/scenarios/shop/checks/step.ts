import { isOrderStatus, moved } from "../../../../functions/shop/domain/order.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { marketOf } from "../market.ts";
import { type StoredOrder, storedDebts, storedOrders } from "./books.ts";
import { checkClosed, checkDrafts } from "./drop.ts";
import { checkHold } from "./hold.ts";

const RESERVED = ["reserved", "processing"];
const SOLD = ["paid", "building", "shipped", "delivered"];
const STATUSES = [
  "processing",
  "paid",
  "expired",
  "cancelled",
  "building",
  "shipped",
  "delivered",
  "refunded",
  "charged_back",
];
const MOST_UNPAID = 5;

/** The most that the platform advances for refunds by command, in cents. */
const MOST_ADVANCED = 3_000;
/** An interaction's id; other refund ids are words or Stripe's ids. */
const TYPED = /^\d+$/;

/** I1, I3 to I6, I8, I9, M2, M4, M5 and M8 to M10 of docs/invariants.md. */
export async function checkShopStep(stage: Stage): Promise<void> {
  const orders = await storedOrders(stage);
  const { drops, buyers, seen } = marketOf(stage);
  for (const dropId of drops) await checkDrop(stage, dropId, orders);
  await checkDrafts(stage, orders);
  for (const buyer of buyers) {
    const unpaid = orders.filter(
      (order) => order.buyer === buyer && !order.isWon && RESERVED.includes(order.status),
    );
    mustHold(
      "I5",
      unpaid.length <= MOST_UNPAID,
      () => `${buyer} has ${unpaid.length} unpaid orders`,
    );
  }
  for (const order of orders) {
    const { id, status, refunded, refundRequested, amount } = order;
    const most = Math.max(refunded, refundRequested);
    mustHold("M2", most <= amount, () => `${most} of order ${id} is refunded, which is ${amount}`);
    const before = seen.get(id);
    const from = before?.status ?? "reserved";
    mustHold("M5", canBecome(from, status), () => `order ${id} went from ${from} to ${status}`);
    const [was, is] = [before ?? order, order].map(
      ({ title, units, amount: due, shipping, tax }) =>
        `${units.length} of ${title}, ${due - shipping - tax}`,
    );
    mustEqual("I8", `what order ${id} is for`, is, was);
    checkHold(order, before);
    seen.set(id, order);
  }
  const debts = await storedDebts(stage, marketOf(stage).builder);
  let advanced = 0;
  for (const { orderId, cause, amount, settled } of debts) {
    if (amount === settled || !TYPED.test(cause)) continue;
    const refund = await stage.database.collection(`orders/${orderId}/refunds`).doc(cause).get();
    if (refund.get("state") === "made") advanced += amount - settled;
  }
  mustHold("M8", advanced <= MOST_ADVANCED, () => `${advanced} is advanced for typed refunds`);
}

async function checkDrop(stage: Stage, dropId: string, all: readonly StoredOrder[]): Promise<void> {
  const { database } = stage;
  const drop = await database.collection("inventory").doc(dropId).get();
  const units = (await database.collection(`inventory/${dropId}/units`).get()).docs;
  mustEqual("I1", `the number of units of drop ${dropId}`, units.length, drop.get("stock"));
  const orders = all.filter((order) => order.dropId === dropId);
  checkClosed(stage, drop, orders);
  const taken = units.filter((unit) => unit.get("state") !== "free");
  for (const unit of taken) {
    const order = orders.find(({ id }) => id === unit.get("order_id"));
    const what = `unit ${unit.id} of drop ${dropId}, ${unit.get("state")} for ${order?.id}`;
    const isTheirs = order?.units.includes(Number(unit.id)) === true;
    mustHold("I3", isTheirs, () => `${what}, has another order`);
    const isReserved = RESERVED.includes(order?.status ?? "");
    const isRight = (unit.get("state") === "reserved") === isReserved;
    mustHold("I1", isRight, () => `${what} whose order is ${order?.status}`);
  }
  const owning = orders.filter(({ status }) => [...RESERVED, ...SOLD].includes(status));
  for (const { id, status, units: own } of owning) {
    const has = taken.filter((unit) => unit.get("order_id") === id).length;
    mustEqual("I3", `the units of order ${id}, ${status}`, has, own.length);
  }
  const limit = Number(drop.get("limit_per_buyer"));
  for (const buyer of new Set(owning.map((order) => order.buyer))) {
    const theirs = owning.filter((order) => order.buyer === buyer);
    const has = theirs.reduce((sum, order) => sum + order.units.length, 0);
    mustHold("I4", has <= limit, () => `${buyer} has ${has} units of drop ${dropId}, not ${limit}`);
  }
}

/** Whether an order can get from one state to another, in any number of transitions. */
function canBecome(from: string, to: string, tried: readonly string[] = []): boolean {
  if (from === to) return true;
  return STATUSES.some(
    (next) => !tried.includes(next) && isMove(from, next) && canBecome(next, to, [...tried, from]),
  );
}

function isMove(from: string, to: string): boolean {
  try {
    return isOrderStatus(to) && moved({ id: "", fulfillmentStatus: from }, to) === to;
  } catch {
    return false;
  }
}
