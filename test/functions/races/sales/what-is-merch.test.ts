import { beforeEach, describe, expect, test } from "@jest/globals";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import { type TestCloud, useCloud } from "../../../support/cloud.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { sales } from "../../../support/races/sales.ts";
import { shoppers } from "../../../support/shop/shop.ts";

let lobby: string;
let racer: string;
let people = 0;

const cloud = await useCloud({
  rateLimits: false,
  environment: { STRIPE_PAYMENT_LINKS: "plink_shirts, plink_caps" },
});
const races = earnings(cloud);
const books = sales(cloud, shoppers(cloud));
beforeEach(async () => {
  people += 1;
  racer = `41000000000000${String(people).padStart(4, "0")}`;
  if (lobby) await createLobbies(async () => cloud.firestore).finish(lobby);
  lobby = await races.race([racer]);
});

/** The racer's balance in cents: the whole of each sale that counts. */
const owed = async () => (await races.balances(racer))[0]?.lifetime ?? 0;

const sell = (changes: Partial<Parameters<TestCloud["stripe"]["sellMerch"]>[0]>) =>
  cloud.stripe.sellMerch({ title: "A shirt", price: 2500, ...changes });

describe("a Stripe payment without an order of ours", () => {
  test("counts through an allowed Payment Link, and through no other once a list is set", async () => {
    sell({ link: "plink_shirts", metadata: { lobby } });
    sell({ link: "plink_caps", price: 700, metadata: { lobby } });
    sell({ link: "plink_workshop" });
    sell({ link: "plink_workshop", metadata: { lobby } });
    await cloud.settle();
    expect(await owed()).toBe(3200);
  });

  test("counts without a Payment Link if it names a lobby, or says that it is merch", async () => {
    sell({ link: null, metadata: { lobby } });
    const unnamed = sell({ link: null, metadata: { merch: "true" } });
    sell({ link: null, reference: `lobby_${lobby}`, price: 120 });
    const others = [sell({ link: null }), sell({ link: null, metadata: { merch: "no" } })];
    await cloud.settle();
    expect(await owed()).toBe(2620);
    const isBooked = async ({ payment_intent }: typeof unnamed) =>
      (await cloud.firestore.doc(`sales/stripe:${payment_intent}`).get()).exists;
    expect(await isBooked(unnamed)).toBe(true);
    for (const other of others) expect(await isBooked(other)).toBe(false);
  });

  test.each([
    ["Ko-fi's application on our account", () => ({ application: "ca_kofi", metadata: { lobby } })],
    [
      "a connector that names Shopify's order",
      () => ({ metadata: { lobby, shopify_order_id: "1001" } }),
    ],
    ["a Checkout Session without our metadata", () => ({})],
  ])("does not count when it is the payment of another shop: %s", async (_what, made) => {
    const { transactionId } = cloud.shops.kofi.sell({ amount: 2500, lobby });
    await cloud.settle();
    expect(await owed()).toBe(2500);
    const session = sell({ link: null, reference: transactionId, ...made() });
    await cloud.settle();
    await books.nextSweep();
    expect(await owed()).toBe(2500);
    const sale = await cloud.firestore.doc(`sales/stripe:${session.payment_intent}`).get();
    expect(sale.exists).toBe(false);
  });

  test("is not reported to the operators when another shop's sale is refunded or disputed", async () => {
    const deadLetters = (await books.deadLetters()).length;
    for (const made of [{ application: "ca_kofi" }, { link: "plink_workshop" }]) {
      const session = sell({ link: null, ...made });
      const charges = books.happened("charge.succeeded");
      const charge = String(
        charges.find((each) => each["payment_intent"] === session.payment_intent)?.["id"],
      );
      cloud.stripe.refundInDashboard(charge, { amount: 1000 });
      cloud.stripe.openDispute(charge, { amount: 500 });
    }
    await cloud.settle();
    await books.nextSweep();
    expect((await books.deadLetters()).length).toBe(deadLetters);
    expect((await cloud.firestore.collection("waiting_refunds").get()).size).toBe(0);
  });

  test("another application's payment is recognized without its Checkout Session, which may not exist", async () => {
    const deadLetters = (await books.deadLetters()).length;
    const session = sell({ link: null, application: "ca_kofi" });
    await cloud.settle();
    const operation = /^GET \/v1\/checkout\/sessions$/;
    cloud.faults.add({ target: "stripe", operation, fault: { kind: "fail", code: 404 } });
    cloud.stripe.refundInDashboard(String(session.payment_intent), { amount: 1000 });
    await cloud.settle();
    expect((await books.deadLetters()).length).toBe(deadLetters);
  });

  test("a refund is deducted from what was booked, even if its Payment Link is no longer allowed", async () => {
    const session = sell({ link: "plink_old" });
    const saleId = `stripe:${session.payment_intent}`;
    const soldAt = new Date(cloud.clock.nowMs());
    await races.book({ id: saleId, base: 2500, soldAt, lobbyId: lobby });
    cloud.stripe.refundInDashboard(String(session.payment_intent), { amount: 1000 });
    await cloud.settle();
    expect(await owed()).toBe(1500);
  });
});

describe("gift cards on Shopify", () => {
  const card = { title: "A gift card", price: 5000, isGiftCard: true };
  const cap = { title: "A cap", price: 2500, tax: 200 };

  test("bought alone are not a sale, and their refund does not wait for one", async () => {
    const { orderId } = cloud.shops.shopify.order({ items: [card], lobby });
    await cloud.settle();
    cloud.shops.shopify.refund(orderId);
    await cloud.settle();
    expect((await cloud.firestore.doc(`sales/shopify:${orderId}`).get()).exists).toBe(false);
    expect((await cloud.firestore.collection("waiting_refunds").get()).size).toBe(0);
  });

  test.each([false, true])(
    "bought with merch are excluded from the sale, also when both are refunded (tax in prices: %s)",
    async (taxesIncluded) => {
      const kept = taxesIncluded ? 4400 : 4600;
      const items = [
        { ...card, quantity: 2 },
        { ...cap, quantity: 2 },
      ];
      const { orderId } = cloud.shops.shopify.order({
        items,
        discount: 400,
        shipping: 700,
        taxesIncluded,
        lobby,
      });
      await cloud.settle();
      expect(await owed()).toBe(kept);
      const sale = await cloud.firestore.doc(`sales/shopify:${orderId}`).get();
      expect(sale.get("title")).toBe("A cap");
      cloud.shops.shopify.refund(orderId, { lines: [{ index: 0, quantity: 1 }] });
      await cloud.settle();
      expect(await owed()).toBe(kept);
      cloud.shops.shopify.refund(orderId, { lines: [{ index: 1, quantity: 1 }] });
      await cloud.settle();
      expect(await owed()).toBe(kept / 2);
      expect((await books.deadLetters()).filter((reason) => reason.includes(orderId))).toEqual([]);
    },
  );

  test("can pay for merch, and receive what is refunded of it", async () => {
    const { orderId } = cloud.shops.shopify.order({ items: [cap], isPaidByGiftCard: true, lobby });
    await cloud.settle();
    expect(await owed()).toBe(2500);
    cloud.shops.shopify.refund(orderId);
    await cloud.settle();
    expect(await owed()).toBe(0);
  });
});

describe("tips on Ko-fi", () => {
  test("do not count unless a setting says so", async () => {
    cloud.shops.kofi.sell({ type: "Donation", amount: 500, lobby });
    await cloud.settle();
    expect(await owed()).toBe(0);
    cloud.shops.kofi.sell({ type: "Commission", amount: 500, lobby });
    await cloud.settle();
    expect(await owed()).toBe(500);
  });
});
