import * as z from "zod/mini";
import { list } from "../../../../shared/runtime/settings.ts";
import { isSignedWith } from "../authentic.ts";
import { defineProvider } from "../provider.ts";
import { parseExactly } from "../reading.ts";
import { readDelivery } from "./read.ts";

/**
 * A secret that the shop's owner chooses. One that WooCommerce generates may have commas and spaces in it, which
 * would be lost in a list.
 */
const secret = z.string().check(z.regex(/^[\w-]{16,100}$/));
const secrets = z.pipe(list, z.array(secret));

/**
 * What WooCommerce posts, unsigned, when a webhook is saved. It has to be answered 200:
 * https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php
 */
const PING = /^webhook_id=\d{1,20}$/;
const MAX_PING_BYTES = 40;

/** A shop on WooCommerce. */
export const woocommerce = defineProvider({
  name: "woocommerce",
  title: "WooCommerce",

  settings: {
    WOOCOMMERCE_WEBHOOK_SECRET: {
      schema: z.optional(secrets),
      secret: true,
      description:
        "The secret of WooCommerce's webhooks, or several separated by commas. Without it WooCommerce's webhooks are refused.",
      form: "16 to 100 letters, digits, - and _, several separated by commas",
    },
  },

  questions: [
    {
      name: "WOOCOMMERCE_WEBHOOK_SECRET",
      what: "WooCommerce webhook secret: choose 16 or more letters and digits, the same for both webhooks",
      where: "WordPress admin, WooCommerce, Settings, Advanced, Webhooks, the field Secret",
      without: "Sales on WooCommerce are refused.",
    },
  ],

  byHand: (url) => [
    {
      what: "WooCommerce's webhooks have to be set in the shop's admin",
      remedy: `WooCommerce, Settings, Advanced, Webhooks: one for "Order created" and one for "Order updated", both active, of API version 3, with WOOCOMMERCE_WEBHOOK_SECRET, to ${url}. Look there after an outage: more than five failed deliveries in a row disable a webhook`,
    },
    {
      what: "WooCommerce repeats no failed delivery, and reports no disputes",
      remedy:
        "Compare its orders with the ledger after an outage, and book what is missing: ./dev ops ledger sale, ./dev ops ledger refund; see docs/operations.md, Disputes that no webhook reports",
    },
  ],

  docs: {
    webhooks:
      "Two webhooks, **Order created** and **Order updated**, in **WooCommerce**, **Settings**, **Advanced**, **Webhooks**: status active, API version 3, both with the same secret. One shop for each installation, because orders are numbered by each shop. Turn the webhooks off in copies of the shop, such as a staging site: they have the same secret and the same order numbers.",
    proof: "HMAC-SHA256 over the raw body, compared in constant time",
    namesRace:
      "`?lobby=ID` of the page by which the buyer came in, which WooCommerce keeps as the order's attribution; a custom field `lobby` of the order; or `race WORD` or `lobby:ID` in the order's note",
    counts:
      "The items after coupons, without shipping, tax and fees, once the order has been paid. Orders of WooPayments' test mode do not count. Fees below zero are discounts.",
    refunds:
      "In every later report of the order, with their totals alone: of a part that is refunded, the items' part of the order's total counts.",
    gaps: "A failed delivery is not repeated, but every later change of the order reports all of it again. More than five failures in a row disable a webhook until someone activates it. Disputes are not reported.",
    rotation:
      "Set `WOOCOMMERCE_WEBHOOK_SECRET=NEW,OLD`; setup; apply; save NEW in both webhooks; set NEW alone; setup; apply. Nothing is lost meanwhile.",
  },

  receive({ body, header, receivedAt }, { WOOCOMMERCE_WEBHOOK_SECRET: known = [] }) {
    if (known.length > 0 && isPing(body)) return "probe";
    const signature = header("x-wc-webhook-signature");
    if (!known.some((each) => isSignedWith(each, body, signature))) return "not-theirs";
    const topic = header("x-wc-webhook-topic");
    const content = parseExactly(body.toString("utf8"));
    return readDelivery({ topic, content, body, receivedAt });
  },
});

function isPing(body: Buffer): boolean {
  return body.length <= MAX_PING_BYTES && PING.test(body.toString("latin1"));
}
