import { describe, expect, test } from "@jest/globals";
import type { FaultRule } from "../../local/kit/faults.ts";
import { seededRandom } from "../../local/kit/faults.ts";
import { startTestCloud, type TestCloud } from "../support/cloud.ts";
import { shoppers } from "../support/shop.ts";
import { debtsEverMade, storedOrders, stripeBooks, sum } from "./shop-books.ts";

/** Each is another evening at the shop; more can be tried by hand. */
const SEEDS = [3, 5];
const STEPS = 35;
const BUYERS = 7;
const MINUTE_MS = 60_000;

/** What goes wrong while people shop. */
const faults: readonly FaultRule[] = [
  { target: "pubsub", fault: { kind: "duplicate", copies: 3 }, probability: 0.2 },
  { target: "pubsub", fault: { kind: "reorder" }, probability: 0.1 },
  { target: "pubsub", operation: /^deliver/, fault: { kind: "lose-answer" }, probability: 0.1 },
  { target: "tasks", operation: /^deliver/, fault: { kind: "lose-answer" }, probability: 0.1 },
  {
    target: "stripe",
    operation: /^deliver/,
    fault: { kind: "duplicate", copies: 3 },
    probability: 0.2,
  },
  { target: "stripe", operation: /^deliver/, fault: { kind: "reorder" }, probability: 0.2 },
  { target: "stripe", operation: /^deliver/, fault: { kind: "drop" }, probability: 0.1 },
  { target: "stripe", operation: /^POST/, fault: { kind: "fail", code: 500 }, probability: 0.02 },
  { target: "stripe", operation: /^POST/, fault: { kind: "fail", code: 409 }, probability: 0.01 },
  { target: "stripe", operation: /^POST/, fault: { kind: "lose-answer" }, probability: 0.04 },
  {
    target: "firestore",
    operation: /Commit/,
    fault: { kind: "fail", code: 10 },
    probability: 0.01,
  },
  { target: "firestore", operation: /Commit/, fault: { kind: "lose-answer" }, probability: 0.01 },
  // Nothing tries these again: the handler ends there, as if its process had died.
  { target: "firestore", operation: /Commit/, fault: { kind: "fail", code: 7 }, probability: 0.02 },
  { target: "firestore", operation: /Get/, fault: { kind: "fail", code: 7 }, probability: 0.01 },
  { target: "discord", operation: /^POST/, fault: { kind: "lose-answer" }, probability: 0.05 },
  { target: "discord", operation: /^POST/, fault: { kind: "fail", code: 503 }, probability: 0.02 },
];

describe("an evening at the shop, with everything that can go wrong", () => {
  test.each(SEEDS)(
    "no unit is sold twice, no cent is lost and nobody is told twice (seed %i)",
    async (seed) => {
      const cloud = await startTestCloud({ seed, rateLimits: false });
      try {
        const evening = await openShop(cloud);
        for (const rule of faults) cloud.faults.add(rule);
        await play(evening, seededRandom(seed * 7919));
        cloud.faults.clear();
        await comeToRest(cloud);
        await checkStock(evening);
        await checkMoney(evening);
        await checkMessages(evening);
      } finally {
        await cloud.stop();
      }
    },
    60_000,
  );
});

type Evening = Awaited<ReturnType<typeof openShop>>;

async function openShop(cloud: TestCloud) {
  const people = shoppers(cloud);
  const builder = await people.builder({ isLive: true });
  const account = await people.accountOf(builder.id);
  const drops = [
    await people.drop(builder.id, { payment: "split", price: "12.34", quantity: "3" }),
    await people.drop(builder.id, { payment: "held", price: "33.33", quantity: "4", limit: 2 }),
  ];
  const buyers = Array.from({ length: BUYERS }, () => people.person());
  return { cloud, people, builder, account, drops, buyers, paidOut: 0 };
}

async function play(evening: Evening, random: () => number): Promise<void> {
  const { cloud } = evening;
  for (let step = 0; step < STEPS; step += 1) {
    const isCrowd = random() < 0.3;
    const deeds = Array.from({ length: isCrowd ? 3 : 1 }, () => draw(evening, random));
    await Promise.all(deeds);
    if (random() < 0.6) await cloud.settle();
    await checkUnits(evening);
  }
}

/** One thing that somebody does. What can not be done at the moment is refused, and that is all. */
async function draw(evening: Evening, random: () => number): Promise<void> {
  const { cloud, people, builder, account, drops, buyers } = evening;
  const one = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const chance = random();
  const amount = one([undefined, "1", "3.33", "10.01"]);
  const [buyer = "", dropId = ""] = [one(buyers), one(drops)];
  const orders = await storedOrders(cloud);
  const inState = (...statuses: string[]) =>
    one(orders.filter(({ status }) => statuses.includes(status)));
  const charged = one(orders.filter(({ chargeId }) => chargeId));
  const attempt = async (work: () => unknown) => {
    try {
      await work();
    } catch (error) {
      if ((error as Error).name === "TypeError") throw error;
    }
  };
  if (chance < 0.25) return attempt(() => people.press(buyer, dropId));
  if (chance < 0.48) {
    const session = await sessionOf(cloud, inState("reserved", "expired", "cancelled")?.id);
    const how = one(["card", "card", "card", "declined", "bank-debit"] as const);
    return attempt(() => cloud.stripe.pay(session, how));
  }
  if (chance < 0.55) {
    const session = await sessionOf(cloud, inState("processing")?.id);
    const outcome = random() < 0.6 ? "succeeded" : "failed";
    return attempt(() => cloud.stripe.settleBankDebit(session, outcome));
  }
  if (chance < 0.59) {
    const order = inState("reserved");
    return attempt(() => people.giveBack(order?.buyer ?? "", order?.id ?? ""));
  }
  if (chance < 0.69) {
    const options = { order: charged?.id ?? "none", ...(amount && { amount }) };
    return attempt(() => people.command(builder.id, "c500 refund", options));
  }
  if (chance < 0.76) {
    const part = one([undefined, 100, 333]);
    const reverseTransfer = random() < 0.3;
    const options = { ...(part && { amount: part }), reverseTransfer };
    return attempt(() => cloud.stripe.refundInDashboard(charged?.chargeId ?? "", options));
  }
  if (chance < 0.79) return attempt(() => cloud.stripe.openDispute(charged?.chargeId ?? ""));
  if (chance < 0.83) {
    const { disputes } = await stripeBooks(cloud);
    const outcome = random() < 0.5 ? "won" : "lost";
    return attempt(() => cloud.stripe.closeDispute(one(disputes)?.id ?? "", outcome));
  }
  if (chance < 0.93) {
    return attempt(() => people.proveOnStream(builder.id, charged?.id ?? "none"));
  }
  if (chance < 0.96) {
    return attempt(() => {
      evening.paidOut += cloud.stripe.payOut(account);
    });
  }
  await cloud.clock.advance((one([1, 10, 10, 40]) ?? 1) * MINUTE_MS);
}

async function sessionOf({ firestore }: TestCloud, orderId = "none"): Promise<string> {
  return (await firestore.doc(`orders/${orderId}`).get()).get("checkout_session_id") ?? "none";
}

/** A day and more: Stripe delivers again for hours, and the sweeper comes every 15 minutes. */
async function comeToRest(cloud: TestCloud): Promise<void> {
  for (let hour = 0; hour < 24; hour += 1) {
    await cloud.clock.advance(60 * MINUTE_MS);
    await cloud.settle();
  }
}

/** Holds after every step. */
async function checkUnits({ cloud, people, drops }: Evening): Promise<void> {
  for (const dropId of drops) {
    const { free, reserved, sold } = await people.stock(dropId);
    const { stock } = (await cloud.firestore.doc(`inventory/${dropId}`).get()).data() ?? {};
    expect(free + reserved + sold).toBe(stock);
  }
}

const HAS_A_UNIT = new Set(["reserved", "processing", "paid", "building", "shipped", "delivered"]);

async function checkStock({ cloud, drops }: Evening): Promise<void> {
  const orders = await storedOrders(cloud);
  for (const dropId of drops) {
    const owners = orders.filter(
      (order) => order.dropId === dropId && HAS_A_UNIT.has(order.status),
    );
    expect(new Set(owners.map(({ unit }) => unit)).size).toBe(owners.length);
    const units = await cloud.firestore.collection(`inventory/${dropId}/units`).get();
    for (const { id, status, unit } of owners) {
      const taken = units.docs.find((document) => document.id === String(unit));
      const state = status === "reserved" || status === "processing" ? "reserved" : "sold";
      expect(taken?.data()).toMatchObject({ state, order_id: id });
    }
    const limit = (await cloud.firestore.doc(`inventory/${dropId}`).get()).get("limit_per_buyer");
    for (const buyer of new Set(owners.map((order) => order.buyer))) {
      expect(owners.filter((order) => order.buyer === buyer).length).toBeLessThanOrEqual(limit);
    }
  }
  const now = cloud.clock.nowMs();
  expect(orders.filter(({ status, endsAtMs }) => status === "reserved" && endsAtMs < now)).toEqual(
    [],
  );
}

async function checkMoney({ cloud, account, paidOut }: Evening): Promise<void> {
  const orders = await storedOrders(cloud);
  const { paid, goneOf, transfers } = await stripeBooks(cloud);
  for (const charge of paid) {
    const order = orders.find(({ chargeId }) => chargeId === charge.id);
    expect(order).toBeDefined();
    if (!order) continue;
    expect({ id: order.id, refunded: order.refunded }).toEqual({
      id: order.id,
      refunded: goneOf(charge.id),
    });
    expect(order.refundRequested).toBeLessThanOrEqual(order.amount);
    expect(order.hold).not.toBe("releasing");
    const isBooked = !["reserved", "processing", "expired", "cancelled"].includes(order.status);
    expect({ id: order.id, isBooked }).toEqual({ id: order.id, isBooked: true });
    const made = transfers.filter(({ source_transaction: source }) => source === charge.id);
    expect(made.length).toBeLessThanOrEqual(1);
  }
  const { platform, accounts } = cloud.stripe.balances();
  const builderHas = (accounts[account]?.["usd"] ?? 0) + paidOut;
  const gone = paid.reduce((total, { id }) => total + goneOf(id), 0);
  const open = await openDisputes(cloud);
  expect(sum(paid)).toBe(builderHas + (platform["usd"] ?? 0) + gone + open);
  const given = orders.reduce((total, { transfer }) => {
    return total + transfer.gross + transfer.feeReturned - transfer.netted - transfer.takenBack;
  }, 0);
  expect(builderHas).toBe(given + (await debtsEverMade(cloud)));
}

/** What open disputes have taken from the platform's balance for the time being. */
async function openDisputes(cloud: TestCloud): Promise<number> {
  const { disputes } = await stripeBooks(cloud);
  return sum(disputes.filter(({ status }) => status === "needs_response"));
}

async function checkMessages({ cloud, people, builder, buyers }: Evening): Promise<void> {
  const letters = await cloud.firestore.collection("dead_letters").get();
  expect(letters.docs.map((letter) => letter.get("reason"))).toEqual([]);
  const told = [builder.id, ...buyers].flatMap((user) => people.told(user));
  const orders = await storedOrders(cloud);
  for (const { id, status, chargeId } of orders) {
    const receipts = told.filter((text) => text.includes("Receipt") && text.includes(id));
    const isSold = chargeId !== undefined && !told.some((text) => text.includes("I'm sorry"));
    expect(receipts.length).toBeLessThanOrEqual(1);
    if (isSold && status !== "refunded") expect(receipts).toHaveLength(1);
  }
  for (const text of new Set(told.filter((message) => /\d{15}/.test(message)))) {
    const isUnique = /Receipt|You sold|on the workbench/.test(text);
    if (isUnique) expect(told.filter((other) => other === text)).toHaveLength(1);
  }
}
