import { createHmac } from "node:crypto";

/** The `Stripe-Signature` header for a body: https://docs.stripe.com/webhooks#verify-manually */
export function signatureHeader(body: Buffer, secret: string, atMs: number): string {
  const seconds = Math.floor(atMs / 1000);
  const hmac = createHmac("sha256", secret).update(`${seconds}.`).update(body);
  return `t=${seconds},v1=${hmac.digest("hex")}`;
}
