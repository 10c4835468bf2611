import * as z from "zod/mini";
import type { ShopSimulator } from "../../../../local/shops/simulator.ts";
import { WooCommerce } from "./simulated-shop.ts";

const minor = z.int().check(z.gte(0));
const text = z.optional(z.string());
const flag = z.optional(z.boolean());
const named = { order_id: z.string() };
const bodies = {
  order: z.strictObject({
    items: z.array(
      z.strictObject({
        title: z.string(),
        price: minor,
        tax: z.optional(minor),
        quantity: z.optional(z.int().check(z.positive())),
      }),
    ),
    currency: text,
    decimals: z.optional(z.int().check(z.gte(0), z.lte(8))),
    discount: z.optional(minor),
    shipping: z.optional(minor),
    fee: z.optional(z.int()),
    landing_page: text,
    note: text,
    unpaid: flag,
    test: flag,
  }),
  named: z.strictObject(named),
  status: z.strictObject({
    ...named,
    status: z.enum(["processing", "completed", "cancelled", "failed", "on-hold"]),
  }),
  refund: z.strictObject({ ...named, amount: z.optional(minor) }),
  save: z.strictObject({ topic: z.enum(["order.created", "order.updated"]) }),
};

/** A simulated shop on WooCommerce. */
export const woocommerceSimulator: ShopSimulator<WooCommerce> = {
  makeSettings: (derive) => ({ WOOCOMMERCE_WEBHOOK_SECRET: derive("woocommerce") }),
  open: (context) => new WooCommerce(context),
  sell: (shop, { item, amount, ...order }, more) =>
    shop.order({ items: [{ title: item, price: amount }], ...order, ...more }).orderId,
  refund: (shop, saleNumber) => void shop.refund(saleNumber),

  routes: [
    'POST /order {"items":[{"title","price","quantity"?,"tax"?}],"currency"?,"decimals"?,"discount"?,"shipping"?,"fee"?,"landing_page"?,"note"?,"unpaid"?,"test"?}',
    'POST /pay {"order_id"}',
    'POST /status {"order_id","status"}',
    'POST /refund {"order_id","amount"?}',
    'POST /update {"order_id"}',
    'POST /save {"topic"} saves a webhook, which is tried and active again',
  ],

  docs: {
    does: "Orders that are paid, changed and refunded, signed; every change is reported by a new delivery of the whole order. No delivery is repeated, more than five failures in a row disable a webhook, and saving one sends its unsigned ping.",
    differs:
      "Deliveries are made at once instead of from a queue, so that they are out of order only where a fault says so. There is no API, only what WooCommerce sends.",
  },

  control: (router, shop) => {
    router.post("/order", ({ body }, response) => {
      const { landing_page, unpaid, test, ...purchase } = bodies.order.parse(body);
      const renamed = { landingPage: landing_page, isUnpaid: unpaid, isTest: test };
      response.json(shop.order({ ...purchase, ...renamed }));
    });
    router.post("/pay", ({ body }, response) => {
      response.json({ deliveryIds: shop.pay(bodies.named.parse(body).order_id) });
    });
    router.post("/status", ({ body }, response) => {
      const { order_id: orderId, status } = bodies.status.parse(body);
      response.json({ deliveryIds: shop.changeStatus(orderId, status) });
    });
    router.post("/refund", ({ body }, response) => {
      const { order_id: orderId, amount } = bodies.refund.parse(body);
      response.json(shop.refund(orderId, amount));
    });
    router.post("/update", ({ body }, response) => {
      response.json({ deliveryIds: shop.update(bodies.named.parse(body).order_id) });
    });
    router.post("/save", ({ body }, response) => {
      response.json({ deliveryId: shop.save(bodies.save.parse(body).topic) });
    });
  },
};
