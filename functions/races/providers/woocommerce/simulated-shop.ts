import { createHmac } from "node:crypto";
import type { ShopContext } from "../../../../local/shops/simulator.ts";
import { type Order, orderJson, type Purchase, totalOf } from "./simulated-order.ts";

type Topic = "order.created" | "order.updated";

/** A webhook as the shop's owner has saved it. */
interface Webhook {
  readonly number: number;
  readonly topic: Topic;
  /** Failed deliveries since the last one that succeeded. */
  failures: number;
  isActive: boolean;
}

/** How WooCommerce waits, and when it stops: class-wc-webhook.php. */
const ANSWER_DEADLINE_MS = 60_000;
const MAX_FAILURES = 5;
const SITE = "https://simulated-shop.example/";
const USER_AGENT = "WooCommerce/10.3.5 Hookshot (WordPress/6.8.3)";

/** A shop on WooCommerce, with the two webhooks that we ask for. */
export class WooCommerce {
  #context: ShopContext;
  #orders = new Map<string, Order>();
  #webhooks: Webhook[] = [
    { number: 1, topic: "order.created", failures: 0, isActive: true },
    { number: 2, topic: "order.updated", failures: 0, isActive: true },
  ];
  #lastNumber = 1000;
  #deliveries = 0;

  constructor(context: ShopContext) {
    this.#context = context;
    context.state?.maps("woocommerce", { orders: this.#orders });
    context.state?.part(
      "woocommerce.rest",
      () => ({ ...this.#numbers(), webhooks: this.#webhooks }),
      ({ lastNumber, deliveries, webhooks }) => {
        this.#lastNumber = lastNumber;
        this.#deliveries = deliveries;
        this.#webhooks = webhooks;
      },
    );
  }

  /** Someone orders, and pays at once by default: a new order, then a change of it. */
  order(purchase: Purchase): { orderId: string; deliveryIds: string[] } {
    const id = this.#nextNumber();
    const atMs = this.#context.clock.nowMs();
    const order: Order = {
      id,
      purchase,
      status: "pending",
      refunds: [],
      createdAtMs: atMs,
      changedAtMs: atMs,
      paidAtMs: undefined,
    };
    this.#orders.set(String(id), order);
    const isPaid = !purchase.isUnpaid;
    if (isPaid) this.#settle(order);
    // The body is made when the queue is worked off: by then the order is paid.
    const created = this.#report("order.created", order);
    return { orderId: String(id), deliveryIds: [...created, ...(isPaid ? this.update(id) : [])] };
  }

  /** The buyer pays for an order that waits for it. */
  pay(orderId: string | number): string[] {
    this.#settle(this.#find(orderId));
    return this.update(orderId);
  }

  /** The shop ships the order, cancels it, or its payment fails. */
  changeStatus(orderId: string | number, status: Order["status"]): string[] {
    this.#find(orderId).status = status;
    return this.update(orderId);
  }

  /** The shop gives money back: all that is left unless an amount is given, in minor units. */
  refund(orderId: string | number, amount?: number): { refundId: string; deliveryIds: string[] } {
    const order = this.#find(orderId);
    const left = totalOf(order) - order.refunds.reduce((sum, refund) => sum + refund.amount, 0);
    const wanted = amount ?? left;
    if (wanted <= 0 || wanted > left) throw new Error("There is not so much to refund.");
    const id = this.#nextNumber();
    order.refunds.unshift({ id, amount: wanted });
    if (wanted === left) order.status = "refunded";
    return { refundId: String(id), deliveryIds: this.update(orderId) };
  }

  /** Something about the order changes, such as a note of the shop's. */
  update(orderId: string | number): string[] {
    const order = this.#find(orderId);
    order.changedAtMs = this.#context.clock.nowMs();
    return this.#report("order.updated", order);
  }

  /** The owner saves a webhook, which is tried with an unsigned form. Gives the delivery's id. */
  save(topic: Topic): string {
    const webhook = this.#webhookOf(topic);
    webhook.isActive = true;
    webhook.failures = 0;
    return this.#send("ping", Buffer.from(`webhook_id=${webhook.number}`), {
      "content-type": "application/x-www-form-urlencoded",
    });
  }

  /** Whether a webhook is still delivered: it is disabled after too many failures in a row. */
  isActive(topic: Topic): boolean {
    return this.#webhookOf(topic).isActive;
  }

  #settle(order: Order): void {
    order.status = "processing";
    order.paidAtMs = order.purchase.atMs ?? this.#context.clock.nowMs();
  }

  /** Gives the ids of the deliveries: none where the webhook is disabled. */
  #report(topic: Topic, order: Order): string[] {
    const webhook = this.#webhookOf(topic);
    if (!webhook.isActive) return [];
    const body = Buffer.from(JSON.stringify(orderJson(order, SITE)));
    const { WOOCOMMERCE_WEBHOOK_SECRET: secret = "" } = this.#context.settings;
    const second = Math.floor(this.#context.clock.nowMs() / 1000);
    const headers = {
      "content-type": "application/json",
      "x-wc-webhook-source": SITE,
      "x-wc-webhook-topic": topic,
      "x-wc-webhook-resource": "order",
      "x-wc-webhook-event": topic.slice("order.".length),
      "x-wc-webhook-signature": createHmac("sha256", secret).update(body).digest("base64"),
      "x-wc-webhook-id": String(webhook.number),
      // Two deliveries of one second have the same.
      "x-wc-webhook-delivery-id": createHmac("md5", SITE)
        .update(`${webhook.number} ${second}`)
        .digest("hex"),
    };
    const count = (isTaken: boolean) => {
      webhook.failures = isTaken ? 0 : webhook.failures + 1;
      if (webhook.failures > MAX_FAILURES) webhook.isActive = false;
    };
    return [this.#send(topic, body, headers, count)];
  }

  #send(
    topic: string,
    body: Buffer,
    headers: Record<string, string>,
    end?: (isTaken: boolean) => void,
  ): string {
    this.#deliveries += 1;
    const id = `woocommerce-${this.#deliveries}`;
    const webhook = {
      id,
      shop: "woocommerce",
      topic,
      method: "POST" as const,
      body,
      url: this.#context.url,
      headers: { ...headers, "user-agent": USER_AGENT },
      deadlineMs: ANSWER_DEADLINE_MS,
      // No delivery is tried again.
      retryDelaysMs: [],
    };
    this.#context.courier.publish(webhook, end);
    return id;
  }

  #find(orderId: string | number): Order {
    const order = this.#orders.get(String(orderId));
    if (!order) throw new Error(`There is no order ${orderId}.`);
    return order;
  }

  #webhookOf(topic: Topic): Webhook {
    const webhook = this.#webhooks.find((each) => each.topic === topic);
    if (!webhook) throw new Error(`There is no webhook for ${topic}.`);
    return webhook;
  }

  #numbers() {
    return { lastNumber: this.#lastNumber, deliveries: this.#deliveries };
  }

  /** Orders and refunds are numbered together, as posts of one WordPress. */
  #nextNumber(): number {
    this.#lastNumber += 1;
    return this.#lastNumber;
  }
}
