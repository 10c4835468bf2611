import { createHmac, timingSafeEqual } from "node:crypto";
import { parseJson } from "../runtime/http.ts";

/** Longer texts are not ours: our cookies have a few hundred characters. */
const MAX_LENGTH = 3000;

/**
 * Signs a value: everyone can read the text, but only we can create or change it. The text is valid for one purpose
 * only. `keys` are those of `SESSION_KEY`; the first one signs.
 */
export function seal(purpose: string, value: unknown, keys: readonly string[]): string {
  const payload = Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${payload}.${digest(purpose, payload, keys)}`;
}

/** The value of a text that one of the keys sealed for this purpose; undefined for any other text. */
export function unseal(purpose: string, text: string, keys: readonly string[]): unknown {
  if (text.length > MAX_LENGTH) return undefined;
  const [payload = "", signature = ""] = text.split(".");
  if (!isDigest(signature, purpose, payload, keys)) return undefined;
  return parseJson(Buffer.from(payload, "base64url"));
}

/** A keyed digest of a text, with the newest key. */
export function digest(purpose: string, text: string, keys: readonly string[]): string {
  const [newest] = keys;
  if (newest === undefined) throw new Error("There is no key to sign with.");
  return hmac(purpose, text, newest);
}

/** Whether a digest is that of this text, with one of the keys. */
export function isDigest(
  given: string,
  purpose: string,
  text: string,
  keys: readonly string[],
): boolean {
  return keys.some((key) => isSameText(given, hmac(purpose, text, key)));
}

/** Compares two texts in constant time. */
export function isSameText(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

function hmac(purpose: string, text: string, key: string): string {
  return createHmac("sha256", key).update(`${purpose}\n${text}`).digest("base64url");
}
