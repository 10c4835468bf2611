import * as z from "zod/mini";
import { type BuyDeps, buy } from "../../../shop/checkout/checkout.ts";
import { MAX_PER_ORDER } from "../../../shop/domain/drop.ts";
import { buyRefusalText } from "../../../shop/messages/buy-refusals.ts";
import type { Deps } from "../../deps.ts";
import { defineRoute, idOfCall } from "../define-route.ts";
import { id, person, time, written } from "../fields.ts";

type CreateCheckoutDeps = BuyDeps & Pick<Deps, "config">;

/** Creates a checkout. Idempotency: the key, the drop and the buyer give the order its id. */
export const createCheckout = defineRoute({
  method: "POST",
  path: "/api/internal/create-checkout",
  operationId: "createCheckout",
  does: "Buys for someone, as Buy Now does.",
  key: {
    isRequired: true,
    does: "Required, one for each purchase. A repeated request gets the same order.",
  },
  input: z.object({
    drop_id: id("The drop"),
    buyer_discord_id: person("The buyer"),
    quantity: z._default(
      z.int().check(z.gte(1), z.lte(MAX_PER_ORDER), z.describe("How many units, all or none")),
      1,
    ),
  }),
  answer: z.object({ order_id: z.string(), checkout_url: z.string(), expires_at: time }),
  errors: {
    "not-found": { status: 404, when: "there is no such drop" },
    closed: { status: 409, when: "the drop is closed" },
    "sold-out": { status: 409, when: "no unit is left" },
    "own-drop": { status: 403, when: "the buyer is the drop's builder" },
    limit: { status: 409, when: "the buyer has as many units as one buyer may have" },
    "builder-paused": { status: 409, when: "the builder may not sell now" },
    "builder-not-ready": { status: 409, when: "the builder cannot be paid now" },
    "payment-unavailable": { status: 502, when: "Stripe creates no Checkout Session" },
    over: { status: 409, when: "the order of this key is paid or has ended" },
    "too-many-open": { status: 409, when: "the buyer has too many unpaid orders" },
    "too-often": { status: 429, when: "the buyer has reserved too often within an hour" },
    "cannot-count": { status: 503, when: "Redis does not answer, so the limit can't be checked" },
    "too-young": { status: 403, when: "the buyer's Discord account is too young" },
    "how-many": { status: 409, when: "fewer units are left, or allowed, than `quantity`" },
    "which-country": { status: 409, when: "the buyer has not said where it should be sent" },
    "not-there": { status: 409, when: "the builder does not ship to the buyer's country" },
  },
  run: async ({ input, key }, deps: CreateCheckoutDeps) => {
    const { drop_id: dropId, buyer_discord_id: buyerId, quantity } = input;
    const orderId = idOfCall(key, dropId, buyerId);
    const result = await buy({ orderId, dropId, buyerId, quantity }, deps);
    if (!result.ok) {
      return { refusal: result.refusal, error: buyRefusalText(result, deps.config) };
    }
    const { order, url, expiresAt } = result;
    return { answer: { order_id: order.id, checkout_url: url, expires_at: written(expiresAt) } };
  },
});
