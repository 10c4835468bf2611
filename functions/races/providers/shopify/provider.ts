import * as z from "zod/mini";
import { secrets } from "../../../../shared/runtime/settings.ts";
import { isSignedWith } from "../authentic.ts";
import { defineProvider, UNREPORTED_REMEDY } from "../provider.ts";
import { parseExactly } from "../reading.ts";
import { readDelivery } from "./read.ts";

/** A shop on Shopify. */
export const shopify = defineProvider({
  name: "shopify",
  title: "Shopify",

  settings: {
    SHOPIFY_WEBHOOK_SECRET: {
      schema: z.optional(secrets),
      secret: true,
      description:
        "The Shopify app's secret, or several separated by commas. Without it Shopify's webhooks are refused.",
    },
  },

  questions: [
    {
      name: "SHOPIFY_WEBHOOK_SECRET",
      what: "Shopify webhook signing secret",
      where: "Shopify admin, Settings, Notifications, Webhooks, at the bottom",
      without: "Sales on Shopify are refused.",
    },
  ],

  ownHeader: "x-shopify-topic",

  byHand: (url) => [
    {
      what: "Shopify's webhooks have to be set in its admin",
      remedy: `Settings, Notifications, Webhooks: "Order payment" (orders/paid) and "Refund create" (refunds/create), as JSON, to ${url}`,
    },
    {
      what: "webhooks of Shopify's admin do not report disputes",
      remedy: UNREPORTED_REMEDY,
    },
  ],

  docs: {
    webhooks:
      "**Order payment** (`orders/paid`) and **Refund create** (`refunds/create`), as JSON, in **Settings**, **Notifications**, **Webhooks** of its admin.",
    proof: "HMAC-SHA256 over the raw body, compared in constant time",
    namesRace: "a cart attribute `lobby`, or `?lobby=ID` of the page by which the buyer came in",
    counts:
      "The items after discounts, without shipping and tax. Test orders do not count. Buying a gift card does not count; paying with one does.",
    refunds:
      "What was refunded for the items, at most their price. The operators settle money that Shopify refunds beyond the items, their tax, shipping and duties, or that is still on its way.",
    gaps: "Disputes are not reported. A failed delivery is repeated eight times over four hours; then Shopify deletes an app's subscription.",
    rotation:
      "For an app, **Rotate** creates a new client secret beside the old one. `SHOPIFY_WEBHOOK_SECRET=NEW,OLD`; setup; apply; revoke the old one at Shopify; set the new one alone; setup; apply. The admin's secret cannot overlap with its successor; nothing is lost, because Shopify retries for four hours.",
  },

  /**
   * The signature is base64 HMAC-SHA256:
   * https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook-to-ensure-its-coming-from-shopify
   */
  receive({ body, header, receivedAt }, { SHOPIFY_WEBHOOK_SECRET: known = [] }) {
    const signature = header("x-shopify-hmac-sha256");
    if (!known.some((secret) => isSignedWith(secret, body, signature))) return "not-theirs";
    const content = parseExactly(body.toString("utf8"));
    return [readDelivery({ topic: header("x-shopify-topic"), content, body, receivedAt })];
  },
});
