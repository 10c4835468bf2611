import { createHmac } from "node:crypto";
import type { TestCloud } from "../cloud.ts";

/** Handmade webhooks of shops, well-formed or malformed as a test needs them. */
export function webhooks(cloud: TestCloud) {
  const { KOFI_VERIFICATION_TOKEN: token = "", SHOPIFY_WEBHOOK_SECRET: secret = "" } =
    cloud.settings;
  let next = 1;

  async function post(path: string, headers: Record<string, string>, body: string) {
    const request = { method: "POST", headers, body };
    const { status } = await cloud.fetch(cloud.url(`shop-webhook${path}`), request);
    await cloud.settle();
    return status;
  }

  const seconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+/, "");

  return {
    post,
    token,

    /** A payment as Ko-fi reports it, with a new id. */
    payment: (changes: Record<string, unknown> = {}): Record<string, unknown> => {
      const number = next++;
      return {
        verification_token: token,
        message_id: `message-${number}`,
        timestamp: seconds(cloud.clock.nowMs()),
        type: "Shop Order",
        is_public: true,
        from_name: "Robin Ashgrove",
        message: "For the night race",
        amount: "12.50",
        url: "https://ko-fi.com/Home/CoffeeShop?txid=1",
        email: "robin@ashgrove.example",
        currency: "USD",
        kofi_transaction_id: `txn-${number}`,
        shop_items: [{ direct_link_code: "a", variation_name: "Blue", quantity: 1 }],
        tier_name: null,
        shipping: { full_name: "Robin Ashgrove", street_address: "7 Hidden Lane" },
        ...changes,
      };
    },

    /** Posts a payment as Ko-fi does; returns the status. */
    sendKofi: (data: unknown, path = "/kofi"): Promise<number> => {
      const text = typeof data === "string" ? data : JSON.stringify(data);
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      return post(path, headers, new URLSearchParams({ data: text }).toString());
    },

    /** A paid order as Shopify reports it, with a new id. */
    order: (changes: Record<string, unknown> = {}): Record<string, unknown> => {
      const number = next++;
      const at = seconds(cloud.clock.nowMs());
      return {
        id: 7_000_000_000_000 + number,
        name: `#${number}`,
        email: "robin@ashgrove.example",
        currency: "USD",
        total_price: "31.49",
        subtotal_price: "24.99",
        total_tax: "2.00",
        taxes_included: false,
        test: false,
        created_at: at,
        processed_at: at,
        landing_site: "/",
        note_attributes: [],
        customer: { first_name: "Robin", last_name: "Ashgrove" },
        shipping_address: { name: "Robin Ashgrove", address1: "7 Hidden Lane" },
        line_items: [{ title: "A cap", quantity: 1, price: "24.99", tax_lines: [] }],
        ...changes,
      };
    },

    sign: (body: string, by = secret): string =>
      createHmac("sha256", by).update(body).digest("base64"),

    /** Posts a webhook as Shopify does, signed by default; returns the status. */
    sendShopify: (
      content: unknown,
      {
        topic = "orders/paid",
        path = "/shopify",
        headers = {},
      }: { topic?: string; path?: string; headers?: Record<string, string> } = {},
    ): Promise<number> => {
      const body = typeof content === "string" ? content : JSON.stringify(content);
      const signature = createHmac("sha256", secret).update(body).digest("base64");
      const signed = {
        "content-type": "application/json",
        "x-shopify-topic": topic,
        "x-shopify-hmac-sha256": signature,
        ...headers,
      };
      return post(path, signed, body);
    },

    /** A sale as it was booked. */
    sale: async (id: string): Promise<Record<string, unknown> | undefined> =>
      (await cloud.firestore.doc(`sales/${id}`).get()).data(),

    soldAtMs: async (id: string): Promise<number> => {
      const sale = await cloud.firestore.doc(`sales/${id}`).get();
      return (sale.get("sold_at") as { toMillis(): number }).toMillis();
    },

    countOf: async (collection: string): Promise<number> =>
      (await cloud.firestore.collection(collection).count().get()).data().count,

    /** What is kept for the operators, as text. */
    deadLetters: async (): Promise<string[]> => {
      const { docs } = await cloud.firestore.collection("dead_letters").get();
      return docs.map((deadLetter) => JSON.stringify({ id: deadLetter.id, ...deadLetter.data() }));
    },
  };
}
