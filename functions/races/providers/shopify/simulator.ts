import { createHmac, randomBytes, randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { allot } from "../../../../local/shops/amounts.ts";
import type { ShopContext, ShopSimulator } from "../../../../local/shops/simulator.ts";
import {
  type Line,
  type Order,
  orderJson,
  refundJson,
  type ShopifyPurchase,
} from "./simulated-order.ts";

/** How many units of which lines go back; by default all of them, without shipping. */
export interface ShopifyRefund {
  readonly lines?: readonly { readonly index: number; readonly quantity: number }[] | undefined;
  readonly shipping?: boolean | undefined;
}

const MINUTE_MS = 60_000;
/** https://shopify.dev/docs/apps/build/webhooks/troubleshooting-webhooks: in all, with connecting. */
const ANSWER_DEADLINE_MS = 5_000;
/** Eight over four hours; which, it does not say. */
const RETRY_DELAYS_MS = [1, 2, 5, 10, 20, 40, 60, 102].map((minutes) => minutes * MINUTE_MS);
const API_VERSION = "2026-10";
const SHOP_DOMAIN = "simulated-shop.myshopify.com";
/** A shop on Shopify, with the webhooks of one app. */
export class Shopify {
  #context: ShopContext;
  #orders = new Map<number, Order>();
  #lastId = 5_000_000_000_000;
  #ended = new Set<string>();

  constructor(context: ShopContext) {
    this.#context = context;
    context.state?.maps("shopify", { orders: this.#orders });
    context.state?.part(
      "shopify.numbers",
      () => ({ lastId: this.#lastId, ended: this.#ended }),
      ({ lastId, ended }) => {
        this.#lastId = lastId;
        this.#ended = ended;
      },
    );
  }

  /** Someone orders and pays; the webhook is called. */
  order(purchase: ShopifyPurchase): { orderId: string; webhookId: string | undefined } {
    const id = this.#nextId();
    const order = { id, purchase, lines: this.#linesOf(purchase) };
    this.#orders.set(id, order);
    const content = orderJson(order, purchase.atMs ?? this.#context.clock.nowMs());
    return { orderId: String(id), webhookId: this.#publish("orders/paid", content) };
  }

  /** The shop refunds; the webhook is called. Throws when there is no such order or line. */
  refund(
    orderId: string,
    { lines, shipping = false }: ShopifyRefund = {},
  ): { refundId: string; webhookId: string | undefined } {
    const order = this.#orders.get(Number(orderId));
    if (!order) throw new Error(`There is no order ${orderId}.`);
    const wanted = lines ?? order.lines.map(({ quantity }, index) => ({ index, quantity }));
    const id = this.#nextId();
    const returned = wanted.map(({ index, quantity }) => {
      const line = order.lines[index];
      if (!line || quantity > line.quantity) throw new Error("There are not so many to refund.");
      return { id: this.#nextId(), line, quantity };
    });
    const content = refundJson(order, { id, returned, shipping }, this.#context.clock.nowMs());
    return { refundId: String(id), webhookId: this.#publish("refunds/create", content) };
  }

  /** The app asks again for what Shopify has stopped telling. */
  subscribe(topic: string): void {
    this.#ended.delete(topic);
  }

  /** A topic whose webhook used up its tries is not delivered any more. */
  isSubscribed(topic: string): boolean {
    return !this.#ended.has(topic);
  }

  #nextId(): number {
    this.#lastId += 7;
    return this.#lastId;
  }

  #linesOf({ items, discount = 0 }: ShopifyPurchase): Line[] {
    // https://help.shopify.com/en/manual/discounts: none applies to a gift card.
    const totals = items.map(({ price, quantity = 1, isGiftCard }) =>
      isGiftCard ? 0 : price * quantity,
    );
    const discounts = allot(discount, totals);
    return items.map(({ title, price, quantity = 1, tax = 0, isGiftCard = false }, index) => {
      const off = discounts[index] ?? 0;
      const amounts = { price, quantity, discount: off, subtotal: price * quantity - off };
      return { id: this.#nextId(), title, ...amounts, tax: isGiftCard ? 0 : tax, isGiftCard };
    });
  }

  /** Gives the webhook's id; undefined where the app's subscription to the topic has ended. */
  #publish(topic: string, content: object): string | undefined {
    if (!this.isSubscribed(topic)) return undefined;
    const id = randomUUID();
    const body = Buffer.from(JSON.stringify(content));
    const { url, settings } = this.#context;
    const { SHOPIFY_WEBHOOK_SECRET: clientSecret = "" } = settings;
    const webhook = {
      id,
      shop: "shopify",
      topic,
      url,
      method: "POST" as const,
      body,
      headers: {
        "content-type": "application/json",
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": createHmac("sha256", clientSecret).update(body).digest("base64"),
        "x-shopify-shop-domain": SHOP_DOMAIN,
        "x-shopify-api-version": API_VERSION,
        "x-shopify-webhook-id": id,
        "x-shopify-event-id": randomUUID(),
        "x-shopify-triggered-at": this.#context.clock.now().toISOString(),
      },
      deadlineMs: ANSWER_DEADLINE_MS,
      retryDelaysMs: RETRY_DELAYS_MS,
    };
    this.#context.courier.publish(webhook, (isTaken) => {
      if (!isTaken) this.#ended.add(topic);
    });
    return id;
  }
}

const minor = z.int().check(z.gte(0));
const text = z.optional(z.string());
const flag = z.optional(z.boolean());
const bodies = {
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
    currency: text,
    lobby: text,
    landing_site: text,
    discount: z.optional(minor),
    shipping: z.optional(minor),
    taxes_included: flag,
    test: flag,
    paid_by_gift_card: flag,
  }),
  refund: z.strictObject({
    order_id: z.string(),
    lines: z.optional(
      z.array(z.strictObject({ index: minor, quantity: z.int().check(z.positive()) })),
    ),
    shipping: flag,
  }),
};

/** A simulated shop on Shopify. */
export const shopifySimulator: ShopSimulator<Shopify> = {
  makeSettings: () => ({ SHOPIFY_WEBHOOK_SECRET: randomBytes(24).toString("hex") }),
  open: (context) => new Shopify(context),
  sell: (shop, { item, amount, ...order }, more) =>
    shop.order({ items: [{ title: item, price: amount }], ...order, ...more }).orderId,
  refund: (shop, saleNumber) => void shop.refund(saleNumber),

  routes: [
    'POST /order {"items":[{"title","price","quantity"?,"tax"?,"gift_card"?}],"currency"?,"discount"?,"shipping"?,"taxes_included"?,"paid_by_gift_card"?,"lobby"?,"landing_site"?,"test"?}',
    'POST /refund {"order_id","lines"?:[{"index","quantity"}],"shipping"?}',
  ],

  docs: {
    does: "Paid orders and refunds, signed; a failed delivery is repeated eight times over four hours, after which the subscription ends.",
    differs: "There is no API, only what Shopify sends.",
  },

  control: (router, shop) => {
    router.post("/order", ({ body }, response) => {
      const { items, taxes_included, landing_site, paid_by_gift_card, ...order } =
        bodies.order.parse(body);
      const purchase = {
        ...order,
        items: items.map(({ gift_card: isGiftCard, ...item }) => ({ ...item, isGiftCard })),
        taxesIncluded: taxes_included,
        landingSite: landing_site,
        isPaidByGiftCard: paid_by_gift_card,
      };
      response.json(shop.order(purchase));
    });
    router.post("/refund", ({ body }, response) => {
      const { order_id: orderId, ...refund } = bodies.refund.parse(body);
      response.json(shop.refund(orderId, refund));
    });
  },
};
