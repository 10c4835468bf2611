import { createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { LocalClock } from "../../../local/kit/clock.ts";
import { FaultPlan } from "../../../local/kit/faults.ts";
import { type HttpService, listen } from "../../../local/kit/http/listen.ts";
import { type ShopsSimulator, startShops } from "../../../local/shops/index.ts";

const SECRET = "the-webhooks-secret";
const DAY_MS = 24 * 3_600_000;
const MUG = { title: "A mug", price: 1500 };

let clock: LocalClock;
let endpoint: HttpService;
let shops: ShopsSimulator;
let received: { headers: IncomingHttpHeaders; body: string }[];
let status: number;

beforeEach(async () => {
  clock = new LocalClock();
  received = [];
  status = 200;
  endpoint = await listen(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.statusCode = status;
    response.end();
  });
  shops = await startShops({
    clock,
    faults: new FaultPlan(),
    webhookUrl: endpoint.url,
    settings: { WOOCOMMERCE_WEBHOOK_SECRET: SECRET },
  });
});
afterEach(async () => {
  await shops.stop();
  await endpoint.stop();
  clock.stop();
});

const newest = () => JSON.parse(received.at(-1)?.body ?? "null");

test("an order is reported as created and as updated, each signed over the whole order", async () => {
  const { orderId } = shops.woocommerce.order({
    items: [
      { ...MUG, quantity: 2, tax: 300 },
      { title: "A pin", price: 500 },
    ],
    discount: 350,
    shipping: 490,
    lobby: "l1",
    note: "Go on!",
  });
  await shops.whenIdle();
  const topics = received.map(({ headers }) => headers["x-wc-webhook-topic"]);
  expect(topics.toSorted()).toEqual(["order.created", "order.updated"]);
  for (const { headers, body } of received) {
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-wc-webhook-signature": createHmac("sha256", SECRET).update(body).digest("base64"),
      "x-wc-webhook-resource": "order",
      "x-wc-webhook-source": "https://simulated-shop.example/",
    });
  }
  expect(newest()).toMatchObject({
    id: Number(orderId),
    status: "processing",
    currency: "USD",
    customer_id: 0,
    total: "39.40",
    total_tax: "3.00",
    shipping_total: "4.90",
    discount_total: "3.50",
    date_paid_gmt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/),
    customer_note: "Go on!",
    line_items: [
      { name: "A mug", quantity: 2, price: 15, subtotal: "30.00", total: "27.00" },
      { name: "A pin", quantity: 1, total: "4.50" },
    ],
    meta_data: expect.arrayContaining([
      expect.objectContaining({ value: "https://simulated-shop.example/shop/?lobby=l1" }),
    ]),
    refunds: [],
  });
});

test("refunds add up in the order, the newest first, until nothing is left", async () => {
  const { orderId } = shops.woocommerce.order({ items: [MUG] });
  const first = shops.woocommerce.refund(orderId, 500);
  const rest = shops.woocommerce.refund(orderId);
  await shops.whenIdle();
  expect(newest()).toMatchObject({
    status: "refunded",
    total: "15.00",
    refunds: [
      { id: Number(rest.refundId), total: "-10.00" },
      { id: Number(first.refundId), total: "-5.00" },
    ],
  });
  expect(() => shops.woocommerce.refund(orderId)).toThrow(/not so much/);
  expect(() => shops.woocommerce.refund("1")).toThrow(/no order/);
});

test("an order that is not paid yet has no date of payment, and totals have the shop's decimals", async () => {
  const purchase = { items: [MUG], currency: "JPY", decimals: 2, isUnpaid: true };
  const { orderId } = shops.woocommerce.order(purchase);
  await shops.whenIdle();
  expect(received).toHaveLength(1);
  expect(newest()).toMatchObject({ status: "pending", total: "1500.00", date_paid_gmt: null });
  shops.woocommerce.pay(orderId);
  await shops.whenIdle();
  expect(newest()).toMatchObject({ status: "processing", date_paid_gmt: expect.any(String) });
});

test("no delivery is repeated, and the sixth failure in a row disables a webhook until it is saved", async () => {
  const { orderId } = shops.woocommerce.order({ items: [MUG] });
  await shops.whenIdle();
  status = 500;
  const update = async () => {
    shops.woocommerce.update(orderId);
    await shops.whenIdle();
  };
  for (let failures = 1; failures <= 5; failures += 1) await update();
  status = 200;
  await update();
  expect(received).toHaveLength(8);
  status = 500;
  for (let failures = 1; failures <= 6; failures += 1) await update();
  expect(shops.woocommerce.isActive("order.updated")).toBe(false);
  expect(shops.woocommerce.isActive("order.created")).toBe(true);
  await clock.advance(DAY_MS);
  await update();
  expect(received).toHaveLength(14);
  status = 200;
  shops.woocommerce.save("order.updated");
  await update();
  expect(received.slice(14).map(({ body }) => body.slice(0, 13))).toEqual([
    "webhook_id=2",
    expect.stringContaining('{"id":'),
  ]);
});

test("saving a webhook sends an unsigned form", async () => {
  shops.woocommerce.save("order.created");
  await shops.whenIdle();
  const [ping] = received;
  expect(ping?.body).toBe("webhook_id=1");
  expect(ping?.headers).toMatchObject({ "content-type": "application/x-www-form-urlencoded" });
  expect(ping?.headers).not.toHaveProperty("x-wc-webhook-signature");
});

test("can be driven from outside", async () => {
  const post = (path: string, body: object) =>
    fetch(`${shops.url}/control/woocommerce${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const answer = await post("/order", { items: [MUG], unpaid: true, landing_page: "/?lobby=x" });
  const { orderId: order_id } = (await answer.json()) as { orderId: string };
  for (const [path, body] of Object.entries({
    "/pay": { order_id },
    "/status": { order_id, status: "completed" },
    "/update": { order_id },
    "/refund": { order_id, amount: 100 },
    "/save": { topic: "order.updated" },
  })) {
    expect([path, (await post(path, body)).status]).toEqual([path, 200]);
  }
  expect((await post("/refund", { order_id, amount: 100_000 })).status).toBe(400);
  expect((await post("/status", { order_id, status: "lost" })).status).toBe(400);
  await shops.whenIdle();
  expect(shops.attempts()).toHaveLength(6);
});
