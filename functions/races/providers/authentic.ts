import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Whether a request of Ko-fi's carries our token; how long that takes tells nothing about it. */
export function isKofiToken(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

/**
 * Whether the header is the base64 of the HMAC-SHA256 over the raw body.
 * https://shopify.dev/docs/apps/build/webhooks/subscribe/https#step-2-validate-the-origin-of-your-webhook-to-ensure-its-coming-from-shopify
 */
export function isSignedByShopify(body: Buffer, header: string, secret: string): boolean {
  const expected = Buffer.from(createHmac("sha256", secret).update(body).digest("base64"));
  const given = Buffer.from(header);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
