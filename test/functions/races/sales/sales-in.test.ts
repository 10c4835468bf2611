import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import { operator } from "../../../support/cli/ops.ts";
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

/** The postings that a sale has led to, by account; each transaction sums to zero. */
async function postingsOf(saleId: string): Promise<Record<string, number>> {
  const movements = cloud.firestore.collection("ledger").where("sale_id", "==", saleId);
  const sums: Record<string, number> = {};
  for (const movement of (await movements.get()).docs) {
    for (const posting of (await movement.ref.collection("postings").get()).docs) {
      const account = String(posting.get("account"));
      sums[account] = (sums[account] ?? 0) + Number(posting.get("amount"));
    }
  }
  expect(Object.values(sums).reduce((sum, amount) => sum + amount, 0)).toBe(0);
  return sums;
}

/** For each provider, sells something and returns the sale's id. */
const SELL = {
  kofi: (named?: string) => {
    const { transactionId } = cloud.shops.kofi.sell({ amount: 2500, lobby: named });
    return `kofi:${transactionId}`;
  },
  shopify: (named?: string) => {
    const items = [{ title: "A cap", price: 2800, tax: 200 }];
    const order = { items, discount: 300, shipping: 700, lobby: named };
    return `shopify:${cloud.shops.shopify.order(order).orderId}`;
  },
  woocommerce: (named?: string) => {
    const items = [{ title: "A cap", price: 2800, tax: 200 }];
    const order = { items, discount: 300, shipping: 700, lobby: named };
    return `woocommerce:${cloud.shops.woocommerce.order(order).orderId}`;
  },
  stripe: (named?: string) => {
    const reference = named && `lobby_${named}`;
    const extras = { discount: 300, shipping: 700, tax: 200, reference };
    const sold = cloud.stripe.sellMerch({ title: "A cap", price: 2800, ...extras });
    return `stripe:${sold.payment_intent}`;
  },
};
const PROVIDERS = ["kofi", "shopify", "woocommerce", "stripe"] as const;

describe("a sale of $25.00", () => {
  test.each(PROVIDERS)("on %s that names the race belongs to its racers", async (provider) => {
    const other = await races.race(["49"]);
    const id = SELL[provider](lobby);
    await cloud.settle();
    expect(await postingsOf(id)).toEqual({
      [`racer:${racer}`]: 2500,
      [`sales:${provider}`]: -2500,
    });
    await finish(other);
  });

  test.each(PROVIDERS)("on %s that names none is shared by all open races", async (provider) => {
    await finish();
    const [one, other] = [await races.race([racer, "47"]), await races.race(["48", "49"])];
    const id = SELL[provider]();
    await cloud.settle();
    expect(await postingsOf(id)).toEqual({
      [`racer:${racer}`]: 625,
      "racer:47": 625,
      "racer:48": 625,
      "racer:49": 625,
      [`sales:${provider}`]: -2500,
    });
    await finish(one);
    await finish(other);
  });

  test.each(PROVIDERS)(
    "on %s that names a finished race belongs to the platform",
    async (provider) => {
      await finish();
      await cloud.clock.advance(2000);
      const id = SELL[provider](lobby);
      await cloud.settle();
      expect(await postingsOf(id)).toEqual({ platform: 2500, [`sales:${provider}`]: -2500 });
    },
  );

  test.each(PROVIDERS)(
    "on %s that names a finished race, or none, is shared by the open ones",
    async (provider) => {
      const over = lobby;
      await finish(over);
      await cloud.clock.advance(2000);
      const open = await races.race([racer, "49"]);
      for (const named of [over, "no-race"]) SELL[provider](named);
      await cloud.settle();
      expect(await owed()).toEqual({ usd: 2500 });
      await finish(open);
    },
  );

  test("is held from the time of booking, however old it is", async () => {
    const atMs = cloud.clock.nowMs();
    await cloud.pass(10 * 24 * 3_600_000);
    cloud.shops.kofi.sell({ amount: 100, lobby, atMs });
    await cloud.settle();
    expect(await races.balances(racer)).toMatchObject([{ lifetime: 100, available: 0 }]);
  });

  test("that was made during the race counts for it, however late it is reported", async () => {
    const atMs = cloud.clock.nowMs();
    await cloud.clock.advance(2000);
    await finish();
    await cloud.clock.advance(3_600_000);
    cloud.shops.kofi.sell({ amount: 100, lobby, atMs });
    cloud.shops.shopify.order({ items: [{ title: "A pin", price: 200 }], lobby, atMs });
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 300 });
  });

  test("that is only Ko-fi's test is ignored, whatever its type, and not reported to the operators", async () => {
    const letters = (await books.deadLetters()).length;
    const types = ["Donation", "Commission", "Shop Order"] as const;
    const tests = types.map((type) => cloud.shops.kofi.sendTest(type));
    await cloud.settle();
    for (const { messageId, transactionId } of tests) {
      const delivered = cloud.shops.attempts().filter(({ id }) => id === messageId);
      expect(delivered.map(({ result }) => result)).toEqual([200]);
      for (const id of [messageId, transactionId]) {
        expect((await cloud.firestore.doc(`sales/kofi:${id}`).get()).exists).toBe(false);
      }
    }
    expect(await owed()).toEqual({});
    expect((await books.deadLetters()).length).toBe(letters);
    expect(cloud.logLines.join()).toContain("Ko-fi's test payments do not count");
  });

  test("that is reported several times is booked once", async () => {
    const fault = { kind: "duplicate", copies: 3 } as const;
    cloud.faults.add({ target: "shops", fault });
    cloud.faults.add({ target: "stripe", operation: /^deliver checkout/, fault });
    for (const provider of PROVIDERS) SELL[provider](lobby);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 * PROVIDERS.length });
  });
});

describe("a refund on Shopify", () => {
  const items = [{ title: "A cap", price: 1000, quantity: 2, tax: 160 }];

  test("takes back the price of its items, then the rest, but not shipping", async () => {
    const order = { items, shipping: 500, lobby };
    const { orderId } = cloud.shops.shopify.order(order);
    const lines = [{ index: 0, quantity: 1 }];
    cloud.shops.shopify.refund(orderId, { lines, shipping: true });
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 1000 });
    cloud.shops.shopify.refund(orderId, { lines });
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 0 });
    expect(await postingsOf(`shopify:${orderId}`)).toEqual({
      [`racer:${racer}`]: 0,
      "sales:shopify": -2000,
      "clawbacks:shopify": 2000,
    });
  });

  test("takes back the part without tax if prices include it, also with shipping", async () => {
    const order = { items, taxesIncluded: true, lobby, shipping: 500 };
    const { orderId } = cloud.shops.shopify.order(order);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 1840 });
    const lines = [{ index: 0, quantity: 1 }];
    cloud.shops.shopify.refund(orderId, { lines, shipping: true });
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 920 });
  });

  test("that waits for its order for longer than a day is reported to the operators once", async () => {
    const fault = { kind: "drop" } as const;
    cloud.faults.add({ target: "shops", operation: /orders\/paid/, fault });
    const { orderId } = cloud.shops.shopify.order({ items, lobby });
    cloud.shops.shopify.refund(orderId);
    await cloud.settle();
    const sent = () => books.staffReads().filter((text) => text.includes(`shopify:${orderId}`));
    await books.nextSweep();
    expect(sent()).toHaveLength(0);
    await cloud.pass(24 * 3_600_000);
    for (let sweeps = 0; sweeps < 2; sweeps += 1) await books.nextSweep();
    expect(sent()).toHaveLength(1);
    cloud.shops.shopify.subscribe("orders/paid");
  });

  test("that arrives before its order waits for it", async () => {
    const fault = { kind: "delay", ms: 60_000 } as const;
    cloud.faults.add({ target: "shops", operation: /orders\/paid/, fault });
    const { orderId } = cloud.shops.shopify.order({ items, lobby });
    cloud.shops.shopify.refund(orderId, { lines: [{ index: 0, quantity: 1 }] });
    await cloud.settle();
    expect(await owed()).toEqual({});
    await cloud.clock.advance(61_000);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 1000 });
  });
});

describe("a refund that no webhook reports", () => {
  test("is booked by an operator, once for its id, and never exceeds the sale", async () => {
    const team = operator(cloud);
    const saleId = SELL.kofi(lobby);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 2500 });
    const refund = async (amount: string, id: string) => {
      const done = await team.ops("ledger", "refund", saleId, amount, "--id", id, "--yes");
      await cloud.settle();
      return done;
    };
    for (let times = 0; times < 2; times += 1)
      expect(await refund("9.99", "A-1")).toMatchObject({ code: 0 });
    expect(await owed()).toEqual({ usd: 1501 });
    await refund("100", "A-2");
    expect(await owed()).toEqual({ usd: 0 });
  });

  test.each([
    ["a sale that does not exist", ["kofi:none", "1", "--id", "A", "--yes"], 1, "There is no sale"],
    ["no number", ["kofi:none", "1", "--yes"], 2, "--id"],
    ["no amount", ["kofi:none", "--id", "A", "--yes"], 2, "Give a sale and an amount"],
    ["an amount of letters", ["", "free", "--id", "A", "--yes"], 2, "such as 12.50"],
    ["a negative amount", ["", "--id", "A", "--yes", "--", "-5"], 2, "such as 12.50"],
  ])("of %s is refused with what to do", async (_what, [sale = "", ...words], code, text) => {
    const saleId = sale || SELL.kofi(lobby);
    await cloud.settle();
    const refused = await operator(cloud).ops("ledger", "refund", saleId, ...words);
    expect(refused).toMatchObject({ code, err: expect.stringContaining(text) });
  });
});
