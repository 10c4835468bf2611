import { createHash } from "node:crypto";
import * as z from "zod/mini";
import { isId, isSnowflake } from "../../../shared/documents/outside-id.ts";
import { type HttpRequest, header, parseJson, rawBody } from "../../../shared/runtime/http.ts";
import { type BuyDeps, type BuyRefusal, buy } from "../../shop/checkout/checkout.ts";
import { buyRefusalText } from "../../shop/messages/buy-refusals.ts";
import type { Deps } from "../deps.ts";

/** Dependencies of creating a checkout. */
export type CreateCheckoutDeps = BuyDeps & Pick<Deps, "config">;

const checkoutBody = z.object({
  drop_id: z.string().check(z.refine(isId)),
  buyer_discord_id: z.string().check(z.refine(isSnowflake)),
});

/** The header is required: each key is one purchase. */
const MAX_KEY_LENGTH = 255;

const REFUSAL_STATUSES: Record<BuyRefusal, number> = {
  "not-found": 404,
  closed: 409,
  "sold-out": 409,
  "own-drop": 403,
  limit: 409,
  "builder-paused": 409,
  "builder-not-ready": 409,
  "payment-unavailable": 502,
  over: 409,
  "too-many-open": 409,
  "too-often": 429,
  "cannot-count": 503,
  "too-young": 403,
  "which-country": 409,
  "not-there": 409,
};

/**
 * `POST /api/internal/create-checkout {"drop_id","buyer_discord_id"}`: what Buy Now does. Answers
 * `{"order_id","checkout_url","expires_at"}`, the time as ISO 8601.
 *
 * The `Idempotency-Key` header identifies the purchase: a repeat with the same key gets the same order.
 */
export async function createCheckout(request: HttpRequest, deps: CreateCheckoutDeps) {
  const body = checkoutBody.safeParse(parseJson(rawBody(request)));
  if (!body.success) {
    const fields = "drop_id (a drop's id) and buyer_discord_id (a Discord user id)";
    return refused(400, `The body must be JSON with the strings ${fields}.`);
  }
  const key = header(request, "idempotency-key");
  if (key === "" || key.length > MAX_KEY_LENGTH) {
    return refused(400, "Send an Idempotency-Key header of your own for each purchase.");
  }
  const { drop_id: dropId, buyer_discord_id: buyerId } = body.data;
  const cause = [key, dropId, buyerId].join("\n");
  const orderId = `api-${createHash("sha256").update(cause).digest("hex").slice(0, 32)}`;
  const result = await buy({ orderId, dropId, buyerId }, deps);
  if (!result.ok) {
    return refused(REFUSAL_STATUSES[result.refusal], buyRefusalText(result, deps.config));
  }
  const { order, url, expiresAt } = result;
  return {
    status: 200,
    body: { order_id: order.id, checkout_url: url, expires_at: expiresAt.toISOString() },
  };
}

function refused(status: number, error: string) {
  return { status, body: { error } };
}
