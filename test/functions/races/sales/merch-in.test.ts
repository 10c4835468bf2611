import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { merchDispute } from "../../../../functions/payments/service/merch.ts";
import { withinBase } from "../../../../functions/races/domain/sale.ts";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import type { CheckoutSession } from "../../../../shared/clients/stripe/objects.ts";
import { useCloud } from "../../../support/cloud.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

/** A race whose racers' pool is the whole of each sale, and its only racer. */
let lobby: string;
let racer: string;
let people = 0;

const cloud = await useCloud({ rateLimits: false });
const races = earnings(cloud);
const books = sales(cloud, shoppers(cloud));
beforeEach(async () => {
  people += 1;
  racer = `40000000000000${String(people).padStart(4, "0")}`;
  lobby = await races.race([racer]);
});

/** Ends this race, or another one if given. */
const finish = (id = lobby) => createLobbies(async () => cloud.firestore).finish(id);

afterEach(async () => void (await finish()));

/** The racer's balance, in minor units by currency. */
async function owed(): Promise<Record<string, number>> {
  const balances = await races.balances(racer);
  return Object.fromEntries(balances.map(({ currency, lifetime }) => [currency, lifetime]));
}

describe("merch on Stripe", () => {
  /** Of $36.00 paid, $25.00 are for the items. */
  const sell = (changes: object = {}) =>
    cloud.stripe.sellMerch({
      title: "A shirt",
      price: 2800,
      discount: 300,
      shipping: 700,
      tax: 400,
      metadata: { lobby },
      ...changes,
    });
  const chargeOf = (session: { payment_intent: string | null }): string => {
    const charges = books.happened("charge.succeeded");
    const charge = charges.find((each) => each["payment_intent"] === session.payment_intent);
    return String(charge?.["id"]);
  };

  test("counts its items, whether their prices include tax or not, under their name", async () => {
    const session = sell();
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 });
    const stored = await cloud.firestore.doc(`sales/stripe:${session.payment_intent}`).get();
    expect(stored.data()).toMatchObject({ title: "A shirt", base: 2500, provider: "stripe" });
    sell({ isTaxIncluded: true });
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 + 2100 });
  });

  test.each([
    ["a Payment Link's reference", { metadata: {}, reference: "lobby___x__" }],
    ["metadata", { metadata: { lobby: "a/b" } }],
  ])("with %s that cannot be a lobby's id is booked as naming none", async (_where, named) => {
    const deadLetters = (await books.deadLetters()).length;
    const session = sell(named);
    await cloud.settle();
    const sale = await cloud.firestore.doc(`sales/stripe:${session.payment_intent}`).get();
    expect(sale.data()).toMatchObject({ base: 2500, named_lobby_id: null });
    expect((await books.deadLetters()).length).toBe(deadLetters);
  });

  test("counts once the bank has paid, and not while it is unpaid or after it is refused", async () => {
    const deadLetters = (await books.deadLetters()).length;
    const [paid, refused] = [sell({ how: "bank-debit" }), sell({ how: "bank-debit" })];
    sell({ how: "declined" });
    await cloud.settle();
    expect(await owed()).toEqual({});
    cloud.stripe.settleBankDebit(paid.id, "succeeded");
    cloud.stripe.settleBankDebit(refused.id, "failed");
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 });
    expect((await books.deadLetters()).length).toBe(deadLetters);
  });

  test("refunds take back the items' part of the refunded amount, and everything in the end", async () => {
    const charge = chargeOf(sell());
    cloud.stripe.refundInDashboard(charge, { amount: 1000 });
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 - Math.floor((2500 * 1000) / 3600) });
    cloud.stripe.refundInDashboard(charge, { amount: 999 });
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 - Math.floor((2500 * 1999) / 3600) });
    cloud.stripe.refundInDashboard(charge);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 0 });
  });

  test.each([
    ["in another currency", { amount: 7200, currency: "eur" }],
    ["with another amount", { amount: 7200, currency: "usd" }],
    ["in a currency without cents", { amount: 720, currency: "jpy" }],
  ])("a charge %s is taken back proportionally", async (_what, charged) => {
    const deadLetters = (await books.deadLetters()).length;
    const charge = chargeOf(sell({ charged }));
    cloud.stripe.refundInDashboard(charge, { amount: charged.amount / 4 });
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 1875 });
    cloud.faults.add({ target: "stripe", operation: /^deliver/, fault: { kind: "drop" } });
    cloud.stripe.refundInDashboard(charge, { amount: charged.amount / 4 });
    await books.nextSweep();
    expect(await owed()).toEqual({ usd: 1250 });
    cloud.faults.clear();
    const dispute = cloud.stripe.openDispute(charge);
    cloud.stripe.closeDispute(dispute.id, "lost");
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 0 });
    expect((await books.deadLetters()).length).toBe(deadLetters);
  });

  test("a dispute in another currency than the charge keeps its currency, so that it takes nothing", () => {
    const payment = { paymentIntentId: "pi_1", amount: 7200, currency: "eur" };
    const merch = { amount: 3600, currency: "usd", payment } as CheckoutSession;
    const taken = (currency: string) =>
      merchDispute(merch, { id: "du_1", amount: 1800, currency }, { outcome: "lost", turn: 1 });
    expect(taken("gbp")).toMatchObject({ currency: "gbp", amount: 1800 });
    expect(taken("eur")).toMatchObject({ currency: "usd", amount: 1800, paid: 7200 });
  });

  test("a refund reported before its sale, twice and in any order, takes back the same amount", async () => {
    const late = { kind: "delay", ms: 600_000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault: late });
    const copies = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver refund/, fault: copies });
    const charge = chargeOf(sell());
    const first = cloud.stripe.refundInDashboard(charge, { amount: 1800 });
    await cloud.settle();
    expect(await owed()).toEqual({});
    await cloud.clock.advance(601_000);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 1250 });
    await books.repeat("refund.created", first.id);
    expect(await owed()).toEqual({ usd: 1250 });
  });

  test("a refund that did not reach its buyer is reported to the operators once", async () => {
    const refund = cloud.stripe.refundInDashboard(chargeOf(sell()), { amount: 1000 });
    await cloud.settle();
    cloud.stripe.failRefund(refund.id);
    await cloud.settle();
    await books.repeat("refund.failed", refund.id);
    await books.nextSweep();
    const sent = books.staffReads().filter((text) => text.includes(refund.id));
    expect(sent).toHaveLength(1);
    expect(sent[0]).toContain("$10.00 of merch");
    expect(await owed()).toEqual({ usd: 2500 - Math.floor((2500 * 1000) / 3600) });
  });

  test("a lost dispute takes shares back, and a later win returns them", async () => {
    const dispute = cloud.stripe.openDispute(chargeOf(sell()));
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 });
    cloud.stripe.closeDispute(dispute.id, "lost");
    await cloud.settle();
    await books.repeat("charge.dispute.closed", dispute.id);
    expect(await owed()).toEqual({ usd: 0 });
    cloud.stripe.overturnDispute(dispute.id);
    await cloud.settle();
    await books.repeat("charge.dispute.closed", dispute.id);
    expect(await owed()).toEqual({ usd: 2500 });
  });

  test("a dispute that is won and then lost takes shares back, and staff are notified of each turn once", async () => {
    const dispute = cloud.stripe.openDispute(chargeOf(sell()));
    cloud.stripe.closeDispute(dispute.id, "won");
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 });
    const before = books.staffReads().length;
    for (const [turn, left] of [0, 2500, 0].entries()) {
      cloud.stripe.overturnDispute(dispute.id);
      await cloud.settle();
      await books.repeat("charge.dispute.closed", dispute.id);
      expect(await owed()).toEqual({ usd: left });
      const sent = books.staffReads().slice(before);
      expect(sent).toHaveLength(turn + 1);
      expect(sent.at(-1)).toContain(`now ${left === 0 ? "lost" : "won"}: $36.00`);
    }
  });

  test("refunded and lost parts together take back everything, to the cent", () => {
    const parts = [
      { id: "dispute", amount: 500, paid: 1001 },
      { id: "refunds", amount: 501, paid: 1001 },
    ];
    expect(withinBase(701, parts)).toBe(701);
    expect(parts.map((part) => withinBase(701, [part]))).toEqual([350, 350]);
  });

  test("a payment of an order in the oldest format is not a sale, nor are its refunds", async () => {
    const fault = { kind: "delay", ms: 1000 } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver/, fault });
    const session = sell();
    const order = { buyer_id: "1", builder_id: "2", title: "A cap", fulfillment_status: "paid" };
    await cloud.firestore.doc(`orders/${session.id}`).set(order);
    cloud.stripe.refundInDashboard(chargeOf(session), { amount: 1000 });
    await cloud.clock.advance(2000);
    await cloud.settle();
    await books.nextSweep();
    const sale = cloud.firestore.doc(`sales/stripe:${session.payment_intent}`);
    expect((await sale.get()).exists).toBe(false);
    expect((await sale.collection("refunds").get()).size).toBe(0);
    expect(await owed()).toEqual({});
  });

  test("a refund whose event was lost is booked by the sweeper, also beside a lost dispute", async () => {
    const charge = chargeOf(sell());
    await cloud.settle();
    const fault = { kind: "drop" } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver/, fault });
    cloud.stripe.refundInDashboard(charge, { amount: 720 });
    await cloud.settle();
    cloud.faults.clear();
    const dispute = cloud.stripe.openDispute(charge, { amount: 1800 });
    cloud.stripe.closeDispute(dispute.id, "lost");
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 1250 });
    await books.nextSweep();
    expect(await owed()).toEqual({ usd: 750 });
  });

  test("a lost dispute whose event was lost is booked by the sweeper, once", async () => {
    const charge = chargeOf(sell());
    await cloud.settle();
    cloud.faults.add({ target: "stripe", operation: /^deliver/, fault: { kind: "drop" } });
    const dispute = cloud.stripe.openDispute(charge);
    cloud.stripe.closeDispute(dispute.id, "lost");
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 });
    for (let sweeps = 0; sweeps < 2; sweeps += 1) await books.nextSweep();
    expect(await owed()).toEqual({ usd: 0 });
  });

  test("a dispute that is won at once returns nothing that a refund took", async () => {
    const charge = chargeOf(sell());
    cloud.stripe.refundInDashboard(charge, { amount: 1800 });
    const dispute = cloud.stripe.openDispute(charge);
    cloud.stripe.closeDispute(dispute.id, "won");
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 1250 });
  });

  test("a refund and a lost dispute of the rest take back everything, to the cent", async () => {
    const charge = chargeOf(sell());
    cloud.stripe.refundInDashboard(charge, { amount: 1001 });
    const dispute = cloud.stripe.openDispute(charge);
    cloud.stripe.closeDispute(dispute.id, "lost");
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 0 });
  });

  test("is not reported as a difference by the sweeper, which books what lost events left undone", async () => {
    const heard = chargeOf(sell());
    cloud.stripe.refundInDashboard(heard, { amount: 1800 });
    await cloud.settle();
    const fault = { kind: "drop" } as const;
    cloud.faults.add({ target: "stripe", operation: /^deliver/, fault });
    const unheard = sell({ price: 1300 });
    cloud.stripe.refundInDashboard(chargeOf(unheard), { amount: 500 });
    cloud.stripe.refundInDashboard(heard, { amount: 180 });
    const before = books.staffReads().length;
    for (let sweeps = 0; sweeps < 2; sweeps += 1) await books.nextSweep();
    expect(books.staffReads().slice(before)).toEqual([]);
    const kept = 2500 - Math.floor((2500 * 1980) / 3600);
    expect(await owed()).toEqual({ usd: kept + 1000 - Math.floor((1000 * 500) / 2100) });
  });
});
