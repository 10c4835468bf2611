import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { type HttpService, listen } from "../../../local/kit/http/listen.ts";
import { type ShopsSimulator, startShops } from "../../../local/shops/index.ts";

const TOKEN = "8f6e0c5e-the-token";
const SECRET = "the-client-secret";
const HOUR_MS = 3_600_000;

let clock: LocalClock;
let faults: FaultPlan;
let shops: ShopsSimulator;
let endpoint: HttpService;
let received: { path: string; headers: IncomingHttpHeaders; body: string }[];
/** The status of the responses to the next webhooks; undefined means no response. */
let status: number | undefined;

beforeEach(async () => {
  clock = new LocalClock();
  faults = new FaultPlan();
  received = [];
  status = 200;
  endpoint = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    received.push({ path: request.url ?? "", headers: request.headers, body });
    if (status === undefined) return;
    response.statusCode = status;
    response.end();
  });
  shops = await startShops({
    clock,
    faults,
    webhookUrl: endpoint.url,
    settings: { KOFI_VERIFICATION_TOKEN: TOKEN, SHOPIFY_WEBHOOK_SECRET: SECRET },
  });
});
afterEach(async () => {
  await shops.stop();
  await endpoint.stop();
  clock.stop();
});

const CAP = { title: "A cap", price: 1000 };
/** What the newest webhook of Ko-fi has in its form, and of Shopify in its body. */
const kofiData = () => JSON.parse(new URLSearchParams(received.at(-1)?.body).get("data") ?? "null");
const shopifyBody = () => JSON.parse(received.at(-1)?.body ?? "null");
/** Lets every retry happen. */
async function pass(ms: number): Promise<void> {
  const untilMs = clock.nowMs() + ms;
  while (clock.nowMs() < untilMs) {
    await shops.whenIdle();
    await clock.advance(Math.min(30_000, untilMs - clock.nowMs()));
  }
  await shops.whenIdle();
}

describe("Ko-fi", () => {
  test("posts a form whose field data is the payment, with the token in it", async () => {
    const { messageId, transactionId } = shops.kofi.sell({
      amount: 1250,
      lobby: "l1",
      message: "Go on!",
      item: "Blue",
    });
    await shops.whenIdle();
    expect(received[0]).toMatchObject({
      path: "/kofi",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect(kofiData()).toMatchObject({
      verification_token: TOKEN,
      message_id: messageId,
      kofi_transaction_id: transactionId,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      type: "Shop Order",
      message: "lobby:l1 Go on!",
      amount: "12.50",
      currency: "USD",
      shop_items: [{ variation_name: "Blue", quantity: 1 }],
      shipping: { full_name: "Simulated Buyer" },
    });
    shops.kofi.sell({ type: "Donation", amount: 500, currency: "JPY" });
    await shops.whenIdle();
    expect(kofiData()).toMatchObject({ amount: "500", message: null, shop_items: null });
  });

  test("sends tests with the real token, whose messages differ and whose transaction does not", async () => {
    const tests = [shops.kofi.sendTest(), shops.kofi.sendTest("Shop Order")];
    await shops.whenIdle();
    expect(kofiData()).toMatchObject({ verification_token: TOKEN, type: "Shop Order" });
    expect(kofiData()).toMatchObject({ amount: "3.00", from_name: "Jo Example" });
    expect(new Set(tests.map(({ messageId }) => messageId)).size).toBe(2);
    expect(new Set(tests.map(({ transactionId }) => transactionId))).toEqual(
      new Set(["00000000-1111-2222-3333-444444444444"]),
    );
  });

  test("resends what was not accepted several times, byte for byte the same", async () => {
    status = 503;
    shops.kofi.sell({ amount: 100 });
    await pass(2 * HOUR_MS);
    expect(received).toHaveLength(4);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(shops.attempts().map(({ retry, result }) => [retry, result])).toEqual([
      [0, 503],
      [1, 503],
      [2, 503],
      [3, 503],
    ]);
  });
});

describe("Shopify", () => {
  const signed = (body: string) => createHmac("sha256", SECRET).update(body).digest("base64");

  test("signs the raw body, and names topic, shop and event in headers", async () => {
    const { orderId } = shops.shopify.order({
      items: [
        { ...CAP, quantity: 2, tax: 150 },
        { title: "A pin", price: 500 },
      ],
      discount: 300,
      shipping: 450,
      lobby: "l1",
      landingSite: "/?lobby=l2",
    });
    await shops.whenIdle();
    const { headers, body = "" } = received[0] ?? {};
    expect(headers).toMatchObject({
      "x-shopify-topic": "orders/paid",
      "x-shopify-hmac-sha256": signed(body),
      "x-shopify-shop-domain": "simulated-shop.myshopify.com",
      "x-shopify-webhook-id": expect.any(String),
      "x-shopify-event-id": expect.any(String),
    });
    expect(shopifyBody()).toMatchObject({
      id: Number(orderId),
      subtotal_price: "22.00",
      total_tax: "1.50",
      total_discounts: "3.00",
      total_price: "28.00",
      currency: "USD",
      taxes_included: false,
      test: false,
      processed_at: expect.stringMatching(/-05:00$/),
      note_attributes: [{ name: "lobby", value: "l1" }],
      landing_site: "/?lobby=l2",
      line_items: [
        { title: "A cap", quantity: 2, price: "10.00", tax_lines: [{ price: "1.50" }] },
        { title: "A pin", quantity: 1, tax_lines: [] },
      ],
    });
  });

  test("prices that include tax do not cost more", async () => {
    shops.shopify.order({ items: [{ ...CAP, tax: 200 }], taxesIncluded: true });
    await shops.whenIdle();
    expect(shopifyBody()).toMatchObject({ total_price: "10.00", subtotal_price: "10.00" });
  });

  test("a refund contains what was refunded of which lines, as numbers and as texts", async () => {
    const items = [{ ...CAP, quantity: 2, tax: 150 }];
    const { orderId } = shops.shopify.order({ items, discount: 301, shipping: 450 });
    const lines = [{ index: 0, quantity: 1 }];
    const { refundId } = shops.shopify.refund(orderId, { lines, shipping: true });
    await shops.whenIdle();
    expect(received.at(-1)?.headers["x-shopify-topic"]).toBe("refunds/create");
    expect(shopifyBody()).toMatchObject({
      id: Number(refundId),
      order_id: Number(orderId),
      refund_line_items: [
        {
          quantity: 1,
          subtotal: 8.49,
          total_tax: 0.75,
          subtotal_set: { shop_money: { amount: "8.49", currency_code: "USD" } },
        },
      ],
      refund_shipping_lines: [
        { subtotal_amount_set: { shop_money: { amount: "4.50", currency_code: "USD" } } },
      ],
      transactions: [{ kind: "refund", amount: "13.74", currency: "USD" }],
    });
    expect(() => shops.shopify.refund("1")).toThrow(/no order/);
    const tooMany = [{ index: 0, quantity: 3 }];
    expect(() => shops.shopify.refund(orderId, { lines: tooMany })).toThrow(/not so many/);
  });

  test("retries eight times over four hours with the same headers, then stops", async () => {
    status = 500;
    shops.shopify.order({ items: [CAP] });
    await pass(4 * HOUR_MS - 60_000);
    expect(received).toHaveLength(8);
    expect(shops.shopify.isSubscribed("orders/paid")).toBe(true);
    await pass(2 * 60_000);
    expect(received).toHaveLength(9);
    const headers = received.map((each) => ({ ...each.headers, host: "", connection: "" }));
    expect(new Set(headers.map((each) => JSON.stringify(each))).size).toBe(1);

    expect(shops.shopify.isSubscribed("orders/paid")).toBe(false);
    status = 200;
    shops.shopify.order({ items: [CAP] });
    await pass(HOUR_MS);
    expect(received).toHaveLength(9);
    shops.shopify.subscribe("orders/paid");
    shops.shopify.order({ items: [CAP] });
    await shops.whenIdle();
    expect(received).toHaveLength(10);
  });

  test("waits five seconds for a response", async () => {
    status = undefined;
    shops.shopify.order({ items: [CAP] });
    while (received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5_000);
    await shops.whenIdle();
    expect(shops.attempts()).toMatchObject([{ topic: "orders/paid", result: "deadline" }]);
  });
});

describe("both", () => {
  test("obeys faults, and can repeat a webhook unchanged", async () => {
    const fault = { kind: "lose-answer" } as const;
    faults.add({ target: "shops", operation: /^deliver kofi Donation$/, fault, times: 1 });
    const { messageId } = shops.kofi.sell({ type: "Donation", amount: 100 });
    await pass(2 * 60_000);
    expect(shops.attempts().map(({ result }) => result)).toEqual(["connection", 200]);
    expect(await shops.repeat(messageId)).toBe(200);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    await expect(shops.repeat("none")).rejects.toThrow(/no webhook/);
  });

  test("can be controlled from outside", async () => {
    const post = async (path: string, body: object) => {
      const headers = { "content-type": "application/json" };
      const text = JSON.stringify(body);
      return fetch(`${shops.url}/control${path}`, { method: "POST", headers, body: text });
    };
    expect(await (await post("/kofi/sell", { amount: 300 })).json()).toHaveProperty("messageId");
    const order = { items: [CAP], taxes_included: true, landing_site: "/?lobby=x" };
    const { orderId } = (await (await post("/shopify/order", order)).json()) as {
      orderId: string;
    };
    expect((await post("/shopify/refund", { order_id: orderId })).status).toBe(200);
    expect((await post("/shopify/refund", { order_id: "1" })).status).toBe(400);
    expect((await post("/kofi/sell", { amount: "3.00" })).status).toBe(400);
    expect((await post("/kofi/test", { type: "Donation" })).status).toBe(200);
    await shops.whenIdle();
    const attempts = (await (await fetch(`${shops.url}/control/attempts`)).json()) as object[];
    expect(attempts).toHaveLength(4);
  });
});
