import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Whether a token is the one we know; how long that takes says nothing about either. */
export function isToken(given: string, known: string): boolean {
  return timingSafeEqual(digest(given), digest(known));
}

/** Whether a signature is the base64 of the HMAC-SHA256 over the raw body. */
export function isSignedWith(secret: string, body: Buffer, signature: string): boolean {
  const expected = Buffer.from(createHmac("sha256", secret).update(body).digest("base64"));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
