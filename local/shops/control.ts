import express, { type ErrorRequestHandler, type Router } from "express";
import * as z from "zod/mini";
import type { Courier } from "./courier.ts";
import type { Kofi } from "./kofi.ts";
import type { Shopify } from "./shopify.ts";

const minor = z.int().check(z.gte(0));
const text = z.optional(z.string());
const flag = z.optional(z.boolean());

const kofiType = z.optional(z.enum(["Donation", "Subscription", "Commission", "Shop Order"]));

const bodies = {
  kofiTest: z.strictObject({ type: kofiType }),
  kofi: z.strictObject({
    type: kofiType,
    amount: minor,
    ...{ currency: text, message: text, lobby: text, item: text },
  }),
  order: z.strictObject({
    items: z.array(
      z.strictObject({
        title: z.string(),
        price: minor,
        quantity: z.optional(z.int().check(z.positive())),
        tax: z.optional(minor),
        gift_card: flag,
      }),
    ),
    ...{ currency: text, lobby: text, landing_site: text },
    ...{ discount: z.optional(minor), shipping: z.optional(minor) },
    ...{ taxes_included: flag, test: flag, paid_by_gift_card: flag },
  }),
  refund: z.strictObject({
    order_id: z.string(),
    lines: z.optional(
      z.array(z.strictObject({ index: minor, quantity: z.int().check(z.positive()) })),
    ),
    shipping: flag,
  }),
};

/**
 * Lets a program outside do what buyers and the shops do. JSON in and out, amounts in minor units;
 * what cannot be is refused with 400.
 * - `POST /kofi/sell {"amount","type"?,"currency"?,"message"?,"lobby"?,"item"?}`.
 * - `POST /kofi/test {"type"?}` is Ko-fi's "Send test".
 * - `POST /shopify/order {"items":[{"title","price","quantity"?,"tax"?,"gift_card"?}],"currency"?,
 *   "discount"?,"shipping"?,"taxes_included"?,"paid_by_gift_card"?,"lobby"?,"landing_site"?,"test"?}`.
 * - `POST /shopify/refund {"order_id","lines"?:[{"index","quantity"}],"shipping"?}`.
 * - `GET /attempts` gives every try of a webhook, oldest first.
 */
export function controlRouter(shops: {
  readonly kofi: Kofi;
  readonly shopify: Shopify;
  readonly courier: Courier;
}): Router {
  const router = express.Router();
  router.use(express.json());
  router.post("/kofi/sell", ({ body }, response) => {
    response.json(shops.kofi.sell(bodies.kofi.parse(body)));
  });
  router.post("/kofi/test", ({ body }, response) => {
    response.json(shops.kofi.sendTest(bodies.kofiTest.parse(body).type));
  });
  router.post("/shopify/order", ({ body }, response) => {
    const { items, taxes_included, landing_site, paid_by_gift_card, ...order } =
      bodies.order.parse(body);
    const given = {
      ...order,
      items: items.map(({ gift_card: isGiftCard, ...item }) => ({ ...item, isGiftCard })),
      taxesIncluded: taxes_included,
      landingSite: landing_site,
      isPaidByGiftCard: paid_by_gift_card,
    };
    response.json(shops.shopify.order(given));
  });
  router.post("/shopify/refund", ({ body }, response) => {
    const { order_id: orderId, ...refund } = bodies.refund.parse(body);
    response.json(shops.shopify.refund(orderId, refund));
  });
  router.get("/attempts", (_request, response) => void response.json(shops.courier.attempts()));
  router.use(impossible);
  return router;
}

const impossible: ErrorRequestHandler = (error, _request, response, _next) => {
  response.status(400).json({ error: String(error?.message) });
};
