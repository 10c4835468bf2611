import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { decimalText } from "../../../../local/shops/amounts.ts";
import type { ShopContext, ShopSimulator } from "../../../../local/shops/simulator.ts";

/** What someone pays on Ko-fi; by default a shop order of one thing, in dollars. */
export interface KofiPayment {
  readonly type?: "Donation" | "Subscription" | "Commission" | "Shop Order" | undefined;
  /** Minor units. */
  readonly amount: number;
  readonly currency?: string | undefined;
  /** What the buyer writes beside it. */
  readonly message?: string | undefined;
  readonly isPublic?: boolean | undefined;
  /** The lobby that the buyer names in the message. */
  readonly lobby?: string | undefined;
  /** What a shop order is of. */
  readonly item?: string | undefined;
  readonly name?: string | undefined;
  /** When it was paid; now by default. */
  readonly atMs?: number | undefined;
}

/** Ko-fi does not say how long it waits. */
const ANSWER_DEADLINE_MS = 10_000;
/** "A reasonable number of times"; which, it does not say. */
const RETRY_DELAYS_MS = [60_000, 5 * 60_000, 30 * 60_000];

/** The transaction of every test: https://github.com/trudslev/members-for-kofi/blob/main/src/Webhook/Webhook.php */
const TEST_TRANSACTION_ID = "00000000-1111-2222-3333-444444444444";

/** A page on Ko-fi. https://help.kofi.com/hc/en-us/articles/360004162298 */
export class Kofi {
  #context: ShopContext;

  constructor(context: ShopContext) {
    this.#context = context;
  }

  /** Someone pays; the webhook is called. */
  sell(payment: KofiPayment): { messageId: string; transactionId: string } {
    return this.#tell(payment, randomUUID());
  }

  /** The page's owner presses "Send test": an example with the real token, a tip by default. */
  sendTest(type: KofiPayment["type"] = "Donation"): { messageId: string; transactionId: string } {
    const message = "Good luck with the integration!";
    return this.#tell({ type, amount: 300, message, name: "Jo Example" }, TEST_TRANSACTION_ID);
  }

  #tell(payment: KofiPayment, transactionId: string) {
    const { type = "Shop Order", amount, currency = "USD", lobby, name } = payment;
    const { item = "Simulated sticker", atMs = this.#context.clock.nowMs() } = payment;
    const messageId = randomUUID();
    const isShopOrder = type === "Shop Order";
    const said = [lobby && `lobby:${lobby}`, payment.message].filter((part) => part).join(" ");
    const fromName = name ?? "Simulated Buyer";
    const data = {
      verification_token: this.#context.settings["KOFI_VERIFICATION_TOKEN"],
      message_id: messageId,
      timestamp: new Date(atMs).toISOString().replace(/\.\d+/, ""),
      type,
      is_public: payment.isPublic ?? true,
      from_name: fromName,
      message: said || null,
      amount: decimalText(amount, currency),
      url: `https://ko-fi.com/Home/CoffeeShop?txid=${transactionId}`,
      email: "simulated.buyer@example.com",
      currency,
      is_subscription_payment: type === "Subscription",
      is_first_subscription_payment: type === "Subscription",
      kofi_transaction_id: transactionId,
      shop_items: isShopOrder
        ? [{ direct_link_code: "5174415001", variation_name: item, quantity: 1 }]
        : null,
      tier_name: type === "Subscription" ? item : null,
      shipping: isShopOrder
        ? {
            full_name: fromName,
            street_address: "1 Simulated Street",
            city: "Springfield",
            state_or_province: "IL",
            postal_code: "12345",
            country: "United States",
            country_code: "US",
            telephone: "555-0100",
          }
        : null,
    };
    this.#context.courier.publish({
      id: messageId,
      shop: "kofi",
      topic: type,
      url: this.#context.url,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: Buffer.from(new URLSearchParams({ data: JSON.stringify(data) }).toString()),
      deadlineMs: ANSWER_DEADLINE_MS,
      retryDelaysMs: RETRY_DELAYS_MS,
    });
    return { messageId, transactionId };
  }
}

const type = z.optional(z.enum(["Donation", "Subscription", "Commission", "Shop Order"]));
const text = z.optional(z.string());
const bodies = {
  sell: z.strictObject({
    type,
    amount: z.int().check(z.gte(0)),
    currency: text,
    message: text,
    lobby: text,
    item: text,
  }),
  test: z.strictObject({ type }),
};

/** A simulated page on Ko-fi. */
export const kofiSimulator: ShopSimulator<Kofi> = {
  makeSettings: () => ({ KOFI_VERIFICATION_TOKEN: randomUUID() }),
  open: (context) => new Kofi(context),
  sell: (page, purchase, more) => page.sell({ ...purchase, ...more }).transactionId,

  routes: [
    'POST /sell {"amount","type"?,"currency"?,"message"?,"lobby"?,"item"?}',
    'POST /test {"type"?} is Ko-fi\'s "Send test"',
  ],

  docs: {
    does: "Payments of all types, and Ko-fi's test payments, with the token in them; a failed delivery is repeated three times.",
    differs: "When Ko-fi repeats a delivery is not documented. There is no API: Ko-fi has none.",
  },

  control: (router, page) => {
    router.post("/sell", ({ body }, response) => {
      response.json(page.sell(bodies.sell.parse(body)));
    });
    router.post("/test", ({ body }, response) => {
      response.json(page.sendTest(bodies.test.parse(body).type));
    });
  },
};
