import { describe, expect, test } from "@jest/globals";
import { community, useCloud } from "../../../support/cloud.ts";
import { webhooks } from "../../../support/races/webhooks.ts";

const MINUTE_MS = 60_000;
/** Nothing about a buyer may be stored or logged: name, address, email, message, nor the token. */
const PERSONAL = /Robin|Ashgrove|Hidden|@ashgrove|night race/i;

const cloud = await useCloud({ rateLimits: false });
const shop = webhooks(cloud);

const at = (aheadMs: number) => new Date(cloud.clock.nowMs() + aheadMs).toISOString();

/** The status of each case, by its name. */
async function answersOf(cases: Record<string, () => Promise<number>>) {
  const answers: Record<string, number> = {};
  for (const [what, send] of Object.entries(cases)) answers[what] = await send();
  return answers;
}
const all = (cases: object, status: number) =>
  Object.fromEntries(Object.keys(cases).map((what) => [what, status]));

describe("who may report sales", () => {
  test("every Ko-fi payment needs the token", async () => {
    const before = await shop.countOf("sales");
    const wrong = (verification_token: unknown) => () =>
      shop.sendKofi(shop.payment({ verification_token }));
    const cases = {
      "another token": wrong("another"),
      "an empty one": wrong(""),
      none: wrong(undefined),
      null: wrong(null),
      "a list of it": wrong([shop.token]),
      "more behind it": wrong(`${shop.token} `),
      "its beginning": wrong(shop.token.slice(0, -1)),
      "its letters in capitals": wrong(shop.token.toUpperCase()),
      "null in the form": () => shop.sendKofi("null"),
    };
    expect(await answersOf(cases)).toEqual(all(cases, 401));
    // The token is inside the JSON: without it nobody can be wrong about it.
    const withoutJson = {
      "nothing in the form": () => shop.sendKofi(""),
      "no JSON in the form": () => shop.sendKofi("{oops"),
      "JSON for the form": () =>
        shop.post("/kofi", { "content-type": "application/json" }, JSON.stringify(shop.payment())),
      "nothing at all": () => shop.post("/kofi", {}, ""),
      "Shopify's signature": () => shop.sendShopify(shop.order(), { path: "/kofi" }),
    };
    expect(await answersOf(withoutJson)).toEqual(all(withoutJson, 400));
    expect(await shop.countOf("sales")).toBe(before);
    expect(cloud.logLines.join()).toContain('"shop":"kofi"');
  });

  test("every Shopify body needs an HMAC over its raw bytes", async () => {
    const before = await shop.countOf("sales");
    const body = JSON.stringify(shop.order());
    const good = shop.sign(body);
    const wrong = (signature: string) => () =>
      shop.sendShopify(body, { headers: { "x-shopify-hmac-sha256": signature } });
    const cases = {
      "an empty one": wrong(""),
      "another secret's": wrong(shop.sign(body, "another")),
      "another body's": wrong(shop.sign(`${body} `)),
      "a truncated one": wrong(good.slice(0, -1)),
      "one with extra characters": wrong(`${good}A`),
      "one in hex": wrong(Buffer.from(good, "base64").toString("hex")),
      "one of as many other letters": wrong("A".repeat(good.length)),
      "no header": () =>
        shop.post(
          "/shopify",
          { "content-type": "application/json", "x-shopify-topic": "orders/paid" },
          body,
        ),
      "Ko-fi's token": () => shop.sendKofi(shop.payment(), "/shopify"),
    };
    expect(await answersOf(cases)).toEqual(all(cases, 401));
    expect(await shop.countOf("sales")).toBe(before);
  });

  test("without a path Shopify is recognized by its headers; other paths and methods are refused", async () => {
    const order = shop.order();
    expect(await shop.sendShopify(order, { path: "" })).toBe(200);
    expect(await shop.sale(`shopify:${order["id"]}`)).toBeDefined();
    expect(await shop.sendKofi(shop.payment(), "")).toBe(404);
    expect(await shop.sendKofi(shop.payment(), "/stripe")).toBe(404);
    expect((await cloud.fetch(cloud.url("shop-webhook/kofi"))).status).toBe(404);
  });

  test("a body that is too large is refused before it is parsed", async () => {
    const note = "x".repeat(2_000_000);
    expect(await shop.sendKofi(shop.payment({ note }))).toBe(413);
    expect(await shop.sendShopify(shop.order({ note }))).toBe(413);
  });
});

describe("a payment on Ko-fi", () => {
  test("is a sale at its time, titled by what was bought, without the buyer's data", async () => {
    const timestamp = "2026-01-02T03:04:05Z";
    const payment = shop.payment({ timestamp });
    expect(await shop.sendKofi(payment)).toBe(200);
    const id = `kofi:${payment["kofi_transaction_id"]}`;
    const sale = await shop.sale(id);
    expect(sale).toMatchObject({
      provider: "kofi",
      base: 1250,
      currency: "usd",
      named_lobby_id: null,
      refunded: 0,
      title: "A shop order on Ko-fi: Blue",
    });
    expect(JSON.stringify(sale)).not.toMatch(PERSONAL);
    expect(await shop.soldAtMs(id)).toBe(Date.parse(timestamp));
    const accepted = '"event":"webhook-accepted","provider":"kofi"';
    expect(cloud.logLines).toContainEqual(expect.stringContaining(accepted));
  });

  test("that is redelivered, even concurrently, is one sale", async () => {
    const payment = shop.payment();
    const before = await shop.countOf("sales");
    const copies = Array.from({ length: 5 }, () => shop.sendKofi(payment));
    expect(await Promise.all(copies)).toEqual([200, 200, 200, 200, 200]);
    await cloud.clock.advance(3_600_000);
    expect(await shop.sendKofi(payment)).toBe(200);
    expect(await shop.countOf("sales")).toBe(before + 1);
    const letters = (await shop.deadLetters()).join();
    expect(letters).not.toContain(String(payment["kofi_transaction_id"]));
  });

  test("without a transaction's id uses its message's id", async () => {
    const payment = shop.payment({ kofi_transaction_id: null });
    await shop.sendKofi(payment);
    expect(await shop.sale(`kofi:${payment["message_id"]}`)).toBeDefined();
  });

  test.each([
    ["3", "USD", 300],
    ["3.5", "usd", 350],
    [3.29, "USD", 329],
    [1005.01, "EUR", 100_501],
    ["500", "JPY", 500],
    ["500.00", "JPY", 500],
    ["1.234", "KWD", 1234],
    ["0.00", "USD", 0],
  ])("of %j %s is %d minor units", async (amount, currency, base) => {
    const payment = shop.payment({ amount, currency });
    expect(await shop.sendKofi(payment)).toBe(200);
    const id = `kofi:${payment["kofi_transaction_id"]}`;
    expect(await shop.sale(id)).toMatchObject({ base, currency: currency.toLowerCase() });
  });

  test.each([
    ["Commission", { shop_items: null }, "A commission on Ko-fi"],
    ["Shop Order", { shop_items: null }, "A shop order on Ko-fi"],
    [
      "Shop Order",
      { shop_items: [{ variation_name: "<b>Blue</b>\u202e" }, {}, { variation_name: "Red" }] },
      "A shop order on Ko-fi: <b>Blue</b>, Red",
    ],
    ["Shop Order", { shop_items: "none" }, "A shop order on Ko-fi"],
  ])("of the type %s is titled by what was bought", async (type, changes, title) => {
    const payment = shop.payment({ type, from_name: "<script>Robin</script>", ...changes });
    await shop.sendKofi(payment);
    const id = `kofi:${payment["kofi_transaction_id"]}`;
    expect(await shop.sale(id)).toMatchObject({ title });
  });

  test("has a title of at most a hundred characters", async () => {
    const payment = shop.payment({ shop_items: [{ variation_name: "🎹".repeat(500) }] });
    await shop.sendKofi(payment);
    const sale = await shop.sale(`kofi:${payment["kofi_transaction_id"]}`);
    expect([...String(sale?.["title"])]).toHaveLength(100);
  });

  test.each(["Subscription", "Donation"])(
    "of the type %s, which does not count by default, is ignored",
    async (type) => {
      const payment = shop.payment({ type });
      expect(await shop.sendKofi(payment)).toBe(200);
      expect(await shop.sale(`kofi:${payment["kofi_transaction_id"]}`)).toBeUndefined();
    },
  );

  test.each([
    ["lobby:race-1", "race-1"],
    ["Good luck! Lobby:race_2 :)", "race_2"],
    ["https://lobby:race-3", null],
    ["lobby:../../users", null],
    ["lobby:__all__", null],
    ["lobby:", null],
    [`lobby:${"x".repeat(201)}`, null],
    [["lobby:race-4"], null],
    [null, null],
  ])("whose message is %j names the lobby %j", async (message, named) => {
    const payment = shop.payment({ message });
    expect(await shop.sendKofi(payment)).toBe(200);
    const id = `kofi:${payment["kofi_transaction_id"]}`;
    expect(await shop.sale(id)).toMatchObject({ named_lobby_id: named });
  });
});

describe("an order on Shopify", () => {
  const saleOf = async (order: Record<string, unknown>) => shop.sale(`shopify:${order["id"]}`);

  test("is a sale of its items after discounts, without shipping and tax", async () => {
    const order = shop.order();
    expect(await shop.sendShopify(order)).toBe(200);
    const sale = await saleOf(order);
    expect(sale).toMatchObject({ provider: "shopify", base: 2499, title: "A cap" });
    expect(JSON.stringify(sale)).not.toMatch(PERSONAL);
  });

  test("whose prices include tax is a sale without it", async () => {
    const taxed = (...prices: unknown[]) => ({
      title: "A pin",
      tax_lines: prices.map((price) => ({ price })),
    });
    const order = shop.order({
      subtotal_price: "24.99",
      taxes_included: true,
      line_items: [taxed("2.00", "0.49"), taxed(), taxed(1.5)],
    });
    await shop.sendShopify(order);
    expect(await saleOf(order)).toMatchObject({ base: 2499 - 399, title: "A pin and 2 more" });
  });

  test("keeps its id and amount exactly, even if they are numbers", async () => {
    const body = JSON.stringify(shop.order({ id: "ID", subtotal_price: "AMOUNT" }))
      .replace('"ID"', "820982911946154508")
      .replace('"AMOUNT"', "1005.01");
    expect(await shop.sendShopify(body)).toBe(200);
    expect(await shop.sale("shopify:820982911946154508")).toMatchObject({ base: 100_501 });
  });

  test("that is a test, or has another topic, is acknowledged and ignored", async () => {
    const [tried, edited] = [shop.order({ test: true }), shop.order()];
    expect(await shop.sendShopify(tried)).toBe(200);
    expect(await shop.sendShopify(edited, { topic: "orders/updated" })).toBe(200);
    expect([await saleOf(tried), await saleOf(edited)]).toEqual([undefined, undefined]);
  });

  test.each([
    ["an attribute", { note_attributes: [{ name: "Lobby", value: "race-1" }] }, "race-1"],
    ["the landing page's address", { landing_site: "/products/cap?a=b&lobby=race-2#c" }, "race-2"],
    [
      "an attribute before an address",
      { note_attributes: [{ name: "lobby", value: "race-3" }], landing_site: "/?lobby=race-4" },
      "race-3",
    ],
    [
      "an attribute that cannot be a name",
      { note_attributes: [{ name: "lobby", value: "a/b" }] },
      null,
    ],
    ["a fragment", { landing_site: "/#?lobby=race-5" }, null],
    ["malformed values", { note_attributes: "lobby", landing_site: 5 }, null],
  ])("names a lobby by %s", async (_how, changes, named) => {
    const order = shop.order(changes);
    expect(await shop.sendShopify(order)).toBe(200);
    expect(await saleOf(order)).toMatchObject({ named_lobby_id: named });
  });

  test("a few seconds ahead of our clock gets its time of booking, permanently", async () => {
    const order = shop.order({ processed_at: at(4000) });
    await shop.sendShopify(order);
    const soldAtMs = await shop.soldAtMs(`shopify:${order["id"]}`);
    expect(soldAtMs).toBeLessThanOrEqual(cloud.clock.nowMs());
    expect(soldAtMs).toBeGreaterThan(cloud.clock.nowMs() - MINUTE_MS);
    await cloud.clock.advance(10_000);
    await shop.sendShopify(order);
    expect(await shop.soldAtMs(`shopify:${order["id"]}`)).toBe(soldAtMs);
  });

  test("minutes ahead of our clock gets the time of its first delivery, also when it is redelivered", async () => {
    const letters = await shop.countOf("dead_letters");
    const order = shop.order({ processed_at: at(4 * MINUTE_MS) });
    await shop.sendShopify(order);
    const soldAtMs = await shop.soldAtMs(`shopify:${order["id"]}`);
    expect(soldAtMs).toBeLessThanOrEqual(cloud.clock.nowMs());
    expect(soldAtMs).toBeGreaterThan(cloud.clock.nowMs() - MINUTE_MS);
    await cloud.clock.advance(5 * MINUTE_MS);
    await shop.sendShopify(order);
    expect(await shop.soldAtMs(`shopify:${order["id"]}`)).toBe(soldAtMs);
    expect(await shop.countOf("dead_letters")).toBe(letters);
  });

  test("redelivered with another time or lobby is reported to the operators", async () => {
    const letters = await shop.countOf("dead_letters");
    const order = shop.order();
    await shop.sendShopify(order);
    const booked = await saleOf(order);
    for (const changes of [
      { processed_at: at(-MINUTE_MS) },
      { note_attributes: [{ name: "lobby", value: "race-9" }] },
    ]) {
      await shop.sendShopify({ ...order, ...changes });
      expect(await saleOf(order)).toEqual(booked);
    }
    expect(await shop.countOf("dead_letters")).toBe(letters + 2);
  });
});

describe("a payment that cannot be counted", () => {
  test.each([
    ["Ko-fi", "a negative amount", { amount: "-3.00" }],
    ["Ko-fi", "three decimals", { amount: "3.005" }],
    ["Ko-fi", "three decimals as a number", { amount: 3.005 }],
    ["Ko-fi", "cents of a currency that has none", { amount: "500.50", currency: "JPY" }],
    ["Ko-fi", "an exponent", { amount: 1e21 }],
    ["Ko-fi", "commas", { amount: "1,250.00" }],
    ["Ko-fi", "no amount", { amount: null }],
    ["Ko-fi", "an amount of another kind", { amount: { value: "Robin" } }],
    ["Ko-fi", "an unknown currency", { currency: "XYZ" }],
    ["Ko-fi", "no currency", { currency: undefined }],
    ["Ko-fi", "no time", { timestamp: undefined }],
    ["Ko-fi", "a time without a zone", { timestamp: "2026-01-02T03:04:05" }],
    ["Ko-fi", "an invalid time", { timestamp: "2026-13-45T03:04:05Z" }],
    ["Ko-fi", "a time that is a number", { timestamp: 1_767_323_045 }],
    ["Ko-fi", "no type", { type: null }],
    ["Ko-fi", "an id with a path in it", { kofi_transaction_id: "../users/1" }],
    ["Ko-fi", "no ids", { kofi_transaction_id: null, message_id: undefined }],
    ["Shopify", "a negative amount", { subtotal_price: "-1.00" }],
    ["Shopify", "no amount", { subtotal_price: undefined }],
    ["Shopify", "no currency", { currency: null }],
    ["Shopify", "no time", { processed_at: null, created_at: null }],
    ["Shopify", "an id with a path in it", { id: "a/b" }],
    ["Shopify", "taxes of unknown amounts", { taxes_included: true, line_items: null }],
    [
      "Shopify",
      "more tax than was paid",
      { taxes_included: true, line_items: [{ tax_lines: [{ price: "25.00" }] }] },
    ],
  ])(
    "%s: %s is stored once for the operators, without the buyer's data",
    async (who, _what, changes) => {
      const sales = await shop.countOf("sales");
      const letters = await shop.countOf("dead_letters");
      const send = () => (who === "Ko-fi" ? shop.sendKofi(content) : shop.sendShopify(content));
      const content = who === "Ko-fi" ? shop.payment(changes) : shop.order(changes);
      expect([await send(), await send()]).toEqual([200, 200]);
      expect(await shop.countOf("sales")).toBe(sales);
      expect(await shop.countOf("dead_letters")).toBe(letters + 1);
    },
  );

  test.each([
    ["Ko-fi", 6 * MINUTE_MS],
    ["Shopify", 6 * MINUTE_MS],
  ])("%s: a time minutes ahead of ours", async (who, aheadMs) => {
    const letters = await shop.countOf("dead_letters");
    const status =
      who === "Ko-fi"
        ? await shop.sendKofi(shop.payment({ timestamp: at(aheadMs) }))
        : await shop.sendShopify(shop.order({ processed_at: at(aheadMs) }));
    expect(status).toBe(200);
    expect(await shop.countOf("dead_letters")).toBe(letters + 1);
  });

  test("something that is not a payment, order or refund", async () => {
    const letters = await shop.countOf("dead_letters");
    expect(await shop.sendShopify("[]")).toBe(200);
    expect(await shop.sendShopify("{}", { topic: "refunds/create" })).toBe(200);
    const text = { headers: { "content-type": "text/plain" } };
    expect(await shop.sendShopify("{oops", text)).toBe(200);
    expect(await shop.sendShopify("", text)).toBe(200);
    expect(await shop.countOf("dead_letters")).toBe(letters + 4);
  });

  test("the operators learn which payment it was, and the buyer's data is nowhere", async () => {
    const payment = shop.payment({ amount: "twelve" });
    await shop.sendKofi(payment);
    const id = String(payment["kofi_transaction_id"]);
    const kept = (await shop.deadLetters()).find((deadLetter) => deadLetter.includes(id));
    for (const known of ["twelve", "USD", "Shop Order", String(payment["timestamp"])]) {
      expect(kept).toContain(known);
    }
    const sent = cloud.discord
      .messages(community.operatorsChannelId)
      .map(({ embeds }) => JSON.stringify(embeds));
    expect(sent.join()).toContain(id);
    const everything = [...(await shop.deadLetters()), ...sent, ...cloud.logLines].join("\n");
    expect(everything).not.toMatch(PERSONAL);
    expect(everything).not.toContain(shop.token);
  });
});

describe("while Pub/Sub is down", () => {
  const down = {
    target: "pubsub",
    operation: /Publish/,
    fault: { kind: "fail", code: 7 },
  } as const;

  test("nothing is acknowledged, and what the shops send again is accepted", async () => {
    // Google's emulator cannot inject faults.
    if (!cloud.hasOwnPubSub) return;
    const [payment, odd, order] = [shop.payment(), shop.payment({ amount: "?" }), shop.order()];
    const letters = await shop.countOf("dead_letters");
    cloud.faults.add(down);
    for (const content of [payment, odd]) expect(await shop.sendKofi(content)).toBe(503);
    expect(await shop.sendShopify(order)).toBe(503);
    const back = { id: 1, order_id: order["id"], refund_line_items: [{ subtotal: "1.00" }] };
    const made = { kind: "refund", status: "success", amount: "1.00", currency: "USD" };
    const refund = { ...back, transactions: [made] };
    const topic = "refunds/create";
    expect(await shop.sendShopify(refund, { topic })).toBe(503);
    cloud.faults.clear();
    for (const content of [payment, odd]) expect(await shop.sendKofi(content)).toBe(200);
    expect(await shop.sendShopify(order)).toBe(200);
    expect(await shop.sendShopify(refund, { topic })).toBe(200);
    expect(await shop.sale(`kofi:${payment["kofi_transaction_id"]}`)).toBeDefined();
    expect(await shop.sale(`shopify:${order["id"]}`)).toMatchObject({ refunded: 100 });
    expect(await shop.countOf("dead_letters")).toBe(letters + 1);
  });

  test("Shopify gets a response within its five seconds even if Pub/Sub does not answer", async () => {
    if (!cloud.hasOwnPubSub) return;
    const fault = { kind: "delay", ms: 3_600_000 } as const;
    cloud.faults.add({ target: "pubsub", operation: /Publish/, fault });
    const startedMs = performance.now();
    expect(await shop.sendShopify(shop.order())).toBe(503);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });

  test("the shops retry until it is back", async () => {
    if (!cloud.hasOwnPubSub) return;
    cloud.faults.add({ ...down, times: 2 });
    const { transactionId } = cloud.shops.kofi.sell({ amount: 700 });
    await cloud.settle();
    expect(await shop.sale(`kofi:${transactionId}`)).toBeUndefined();
    await cloud.eventually(async () => (await shop.sale(`kofi:${transactionId}`)) !== undefined);
  });
});
