import { verifyKey } from "discord-interactions";
import { lazy } from "../../../shared/runtime/lazy.ts";
import { isAhead } from "../../../shared/runtime/sender-time.ts";

const SIGNATURE = /^[0-9a-f]{128}$/i;
const TIMESTAMP = /^\d{1,20}$/;

/**
 * Checks Discord's signature over timestamp + raw body with the application's public key, which is
 * imported once. Returns false for malformed input and for a timestamp more than five minutes ahead; never throws.
 * https://discord.com/developers/docs/interactions/overview#validating-security-request-headers
 */
export function createSignatureCheck(publicKeyHex: string) {
  const key = lazy(() =>
    crypto.subtle.importKey("raw", Buffer.from(publicKeyHex, "hex"), "Ed25519", false, ["verify"]),
  );
  return async (
    body: Buffer,
    signature: string,
    timestamp: string,
    nowMs: number,
  ): Promise<boolean> =>
    SIGNATURE.test(signature) &&
    TIMESTAMP.test(timestamp) &&
    !isAhead(Number(timestamp) * 1000, nowMs) &&
    verifyKey(body, signature, timestamp, await key());
}
