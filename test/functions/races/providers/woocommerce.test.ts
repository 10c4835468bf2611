import { createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createLobbies } from "../../../../functions/races/store/lobbies/lobbies.ts";
import { startTestCloud, type TestCloud } from "../../../support/cloud.ts";
import { earnings } from "../../../support/races/earnings.ts";
import { webhooks } from "../../../support/races/webhooks.ts";

/** Nothing about a buyer may be kept or written. */
const PERSONAL = /Robin|Ashgrove|Hidden|198\.51\.100\.7|wc_order_secret/i;
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const MUG = { title: "A mug", price: 1500 };

let cloud: TestCloud;
let shop: ReturnType<typeof webhooks>;
let races: ReturnType<typeof earnings>;
/** A race whose racers' pool is all of each sale, and the one who has all of it. */
let lobby: string;
let racer: string;
let next = 1;

beforeAll(async () => {
  cloud = await startTestCloud({ rateLimits: false });
  shop = webhooks(cloud);
  races = earnings(cloud);
});
afterAll(() => cloud.stop());
beforeEach(async () => {
  cloud.faults.clear();
  for (const topic of ["order.created", "order.updated"] as const) {
    cloud.shops.woocommerce.save(topic);
  }
  racer = `60000000000000${String(next++).padStart(4, "0")}`;
  lobby = await races.race([racer]);
});
afterEach(async () => void (await createLobbies(async () => cloud.firestore).finish(lobby)));

/** What the racer is owed, in minor units by currency. */
async function owed(): Promise<Record<string, number>> {
  const balances = await races.balances(racer);
  return Object.fromEntries(balances.map(({ currency, lifetime }) => [currency, lifetime]));
}

/** A paid order as WooCommerce reports it, with an id of its own. */
function order(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const paidAt = new Date(cloud.clock.nowMs()).toISOString().slice(0, 19);
  return {
    id: 700_000 + next++,
    status: "processing",
    currency: "USD",
    order_key: "wc_order_secret",
    total: "31.49",
    total_tax: "2.00",
    shipping_total: "4.50",
    date_paid_gmt: paidAt,
    billing: { first_name: "Robin", last_name: "Ashgrove", address_1: "7 Hidden Lane" },
    customer_ip_address: "198.51.100.7",
    customer_note: "For Robin's race",
    meta_data: [{ id: 1, key: "_extension", value: { any: ["thing"] } }],
    line_items: [{ name: "A cap", total: "24.99", price: 24.99 }],
    refunds: [],
    ...changes,
  };
}

function send(
  content: unknown,
  { topic = "order.updated", secret = cloud.settings["WOOCOMMERCE_WEBHOOK_SECRET"] ?? "" } = {},
): Promise<number> {
  const body = typeof content === "string" ? content : JSON.stringify(content);
  const headers = {
    "content-type": "application/json",
    "x-wc-webhook-topic": topic,
    "x-wc-webhook-signature": createHmac("sha256", secret).update(body).digest("base64"),
  };
  return shop.post("/woocommerce", headers, body);
}

describe("who may report sales on WooCommerce", () => {
  test("an HMAC over the raw body is required; a ping without one changes nothing", async () => {
    const before = await shop.countOf("sales");
    expect(await send(order(), { secret: "another-secret-of-16" })).toBe(401);
    expect(await shop.post("/woocommerce", {}, JSON.stringify(order()))).toBe(401);
    expect(await shop.post("/woocommerce", FORM, "webhook_id=12&id=1")).toBe(401);
    expect(await shop.post("/woocommerce", {}, "")).toBe(401);
    const lines = cloud.logLines.length;
    expect(await shop.post("/woocommerce", FORM, "webhook_id=12")).toBe(200);
    // An alert counts accepted webhooks: anyone can send a ping.
    expect(cloud.logLines.slice(lines).join()).not.toContain("webhook-accepted");
    expect(await shop.countOf("sales")).toBe(before);
  });

  test("without its setting a shop is refused, its ping too", async () => {
    const other = await startTestCloud({ environment: { WOOCOMMERCE_WEBHOOK_SECRET: "" } });
    try {
      other.shops.woocommerce.save("order.created");
      other.shops.woocommerce.order({ items: [MUG] });
      await other.settle();
      const results = other.shops.attempts().map(({ result }) => result);
      expect(results).toEqual([401, 401, 401]);
    } finally {
      await other.stop();
    }
  });
});

describe("an order on WooCommerce", () => {
  test("that is created, and updated several times, is one sale", async () => {
    const before = await shop.countOf("sales");
    const { orderId, deliveryIds } = cloud.shops.woocommerce.order({ items: [MUG], lobby });
    await cloud.settle();
    await cloud.clock.advance(3_600_000);
    cloud.shops.woocommerce.update(orderId);
    cloud.shops.woocommerce.changeStatus(orderId, "completed");
    await cloud.settle();
    for (const id of deliveryIds) expect(await cloud.shops.repeat(id)).toBe(200);
    await cloud.settle();
    expect(await shop.countOf("sales")).toBe(before + 1);
    expect(await shop.sale(`woocommerce:${orderId}`)).toMatchObject({
      provider: "woocommerce",
      base: 1500,
      currency: "usd",
      title: "A mug",
    });
    expect(await owed()).toEqual({ usd: 1500 });
    expect((await shop.deadLetters()).join()).not.toContain(orderId);
  });

  test("counts once it has been paid, at the time of its payment", async () => {
    const atMs = Math.floor(cloud.clock.nowMs() / 1000) * 1000;
    const { orderId } = cloud.shops.woocommerce.order({ items: [MUG], isUnpaid: true, atMs });
    await cloud.settle();
    expect(await shop.sale(`woocommerce:${orderId}`)).toBeUndefined();
    cloud.shops.woocommerce.changeStatus(orderId, "on-hold");
    await cloud.settle();
    expect(await shop.sale(`woocommerce:${orderId}`)).toBeUndefined();
    await cloud.clock.advance(60_000);
    cloud.shops.woocommerce.pay(orderId);
    await cloud.settle();
    expect(await shop.soldAtMs(`woocommerce:${orderId}`)).toBe(atMs);
  });

  test("whose delivery failed is booked by its next change", async () => {
    const lost = { target: "shops", operation: /^deliver woocommerce/ } as const;
    cloud.faults.add({ ...lost, fault: { kind: "drop" }, times: 2 });
    const { orderId } = cloud.shops.woocommerce.order({ items: [MUG], lobby });
    await cloud.settle();
    expect(await shop.sale(`woocommerce:${orderId}`)).toBeUndefined();
    cloud.shops.woocommerce.changeStatus(orderId, "completed");
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 1500 });
  });

  test.each([
    ["the address by which the buyer came in", () => ({ lobby })],
    ["the buyer's note", () => ({ note: `Go! lobby:${lobby}` })],
  ])("names its race by %s", async (_what, named) => {
    const other = await races.race(["69"]);
    cloud.shops.woocommerce.order({ items: [MUG], ...named() });
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 1500 });
    await createLobbies(async () => cloud.firestore).finish(other);
  });

  test("is the items after discounts, without shipping, tax and fees", async () => {
    const items = [
      { ...MUG, quantity: 2, tax: 240 },
      { title: "A pin", price: 500 },
    ];
    const sold = { items, discount: 500, shipping: 490, lobby };
    const { orderId } = cloud.shops.woocommerce.order({ ...sold, fee: 300 });
    const { orderId: other } = cloud.shops.woocommerce.order({ ...sold, fee: -1000 });
    await cloud.settle();
    expect(await shop.sale(`woocommerce:${orderId}`)).toMatchObject({
      base: 3000,
      title: "A mug and 1 more",
    });
    expect(await shop.sale(`woocommerce:${other}`)).toMatchObject({ base: 2000 });
  });

  test("in a currency without cents counts, with whatever decimals the shop writes", async () => {
    cloud.shops.woocommerce.order({ items: [MUG], currency: "JPY", lobby });
    cloud.shops.woocommerce.order({ items: [MUG], currency: "KWD", decimals: 4, lobby });
    await cloud.settle();
    expect(await owed()).toEqual({ jpy: 1500, kwd: 1500 });
  });

  test.each([
    ["of a test", { meta_data: [{ key: "_wcpay_mode", value: "test" }] }],
    ["whose payment failed after all", { status: "failed" }],
    ["that is a draft", { status: "checkout-draft", date_paid_gmt: null }],
  ])("%s does not count", async (_what, changes) => {
    const counts = () => Promise.all([shop.countOf("sales"), shop.countOf("dead_letters")]);
    const before = await counts();
    expect(await send(order(changes))).toBe(200);
    expect(await counts()).toEqual(before);
  });

  test("of other topics is ignored", async () => {
    const before = await shop.countOf("dead_letters");
    expect(await send({ id: 1 }, { topic: "order.deleted" })).toBe(200);
    expect(await send({ id: 1 }, { topic: "product.updated" })).toBe(200);
    expect(await shop.countOf("dead_letters")).toBe(before);
  });
});

describe("a refund on WooCommerce", () => {
  test("takes the items' part of it back, once, and everything when nothing is left", async () => {
    const items = [{ ...MUG, tax: 150 }];
    const { orderId } = cloud.shops.woocommerce.order({ items, shipping: 350, lobby });
    await cloud.settle();
    cloud.shops.woocommerce.refund(orderId, 1000);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 750 });
    cloud.shops.woocommerce.update(orderId);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 750 });
    cloud.shops.woocommerce.refund(orderId, 333);
    cloud.shops.woocommerce.refund(orderId);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 0 });
    expect(await shop.sale(`woocommerce:${orderId}`)).toMatchObject({ refunded: 1500 });
  });

  test("that is reported out of order takes the same", async () => {
    const reorder = { kind: "reorder" } as const;
    const { orderId } = cloud.shops.woocommerce.order({ items: [MUG], lobby });
    await cloud.settle();
    cloud.faults.add({ target: "shops", operation: /woocommerce/, fault: reorder, times: 1 });
    cloud.shops.woocommerce.refund(orderId, 500);
    cloud.shops.woocommerce.refund(orderId, 400);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 600 });
  });

  test("that is the first thing reported of an order is taken off it at once", async () => {
    const lost = { target: "shops", operation: /^deliver woocommerce/ } as const;
    cloud.faults.add({ ...lost, fault: { kind: "drop" }, times: 2 });
    const { orderId } = cloud.shops.woocommerce.order({ items: [MUG], lobby });
    await cloud.settle();
    cloud.shops.woocommerce.refund(orderId, 600);
    await cloud.settle();
    expect(await owed()).toEqual({ usd: 900 });
  });
});

describe("a report of WooCommerce that cannot be counted", () => {
  test.each([
    ["is not JSON", "{oops"],
    ["is a list", "[]"],
    ["has no id", { id: undefined }],
    ["has an id that is a path", { id: "../7" }],
    ["has no total", { total: undefined }],
    ["has words for an amount", { line_items: [{ name: "A cap", total: "twelve" }] }],
    ["has a currency that there is not", { currency: "XXQ" }],
    ["has no lines", { line_items: null }],
    ["cost less than its tax", { total: "1.00" }],
    ["has no date of payment", { date_paid_gmt: undefined }],
    ["has a date of payment to come", { date_paid_gmt: "2999-01-01T00:00:00" }],
  ])("because it %s is kept for the operators, once, with nothing of the buyer", async (_, bad) => {
    const [sales, kept] = [await shop.countOf("sales"), await shop.countOf("dead_letters")];
    const content = typeof bad === "string" ? bad : order(bad);
    expect([await send(content), await send(content)]).toEqual([200, 200]);
    expect(await shop.countOf("sales")).toBe(sales);
    expect(await shop.countOf("dead_letters")).toBe(kept + 1);
  });

  test("books the sale though its refunds cannot be read", async () => {
    const kept = await shop.countOf("dead_letters");
    const content = order({ refunds: [{ id: 5, total: "5.00" }] });
    expect(await send(content)).toBe(200);
    expect(await shop.sale(`woocommerce:${content["id"]}`)).toMatchObject({ refunded: 0 });
    expect(await shop.countOf("dead_letters")).toBe(kept + 1);
  });

  test("is nowhere with anything of the buyer", async () => {
    const everything = [...(await shop.deadLetters()), ...cloud.logLines].join("\n");
    expect(everything).toContain("woocommerce");
    expect(everything).not.toMatch(PERSONAL);
    expect(everything).not.toContain(cloud.settings["WOOCOMMERCE_WEBHOOK_SECRET"]);
  });
});
