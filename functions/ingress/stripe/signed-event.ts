import { isUtf8 } from "node:buffer";
import { parseJson } from "../../../shared/runtime/http.ts";
import { lazy } from "../../../shared/runtime/lazy.ts";
import { isAhead } from "../../../shared/runtime/sender-time.ts";

/** Stripe's own advice. Stripe signs an event again for each delivery. */
const TOLERANCE_SECONDS = 300;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads JSON that was signed with one of the secrets, at most five minutes ago and at most five minutes ahead.
 * Undefined without such a signature, null if the signed bytes are not JSON.
 *
 * The library checks the decoded text, which no longer shows a byte order mark or broken UTF-8. Both are refused
 * first, so that only the signed bytes are accepted. https://docs.stripe.com/webhooks#verify-official-libraries
 */
export function createEventReader(secrets: readonly string[]) {
  const library = lazy(async () => {
    const { default: Stripe } = await import("stripe");
    return Stripe.webhooks;
  });

  return async (body: Buffer, signature: string, nowMs: number): Promise<unknown> => {
    if (!isUtf8(body) || body.indexOf(BYTE_ORDER_MARK) === 0) return undefined;
    if (isAhead(signedAtMs(signature), nowMs)) return undefined;
    const webhooks = await library();
    for (const secret of secrets) {
      try {
        const args = [body, signature, secret, TOLERANCE_SECONDS, undefined, nowMs] as const;
        if (webhooks.signature?.verifyHeader(...args)) return parseJson(body) ?? null;
      } catch {
        // Another secret may match.
      }
    }
    return undefined;
  };
}

/** The time in a signature header; NaN without one. Uses the last `t`, as the library does. */
function signedAtMs(signature: string): number {
  const last = signature.split(",").findLast((part) => part.startsWith("t="));
  return Number.parseInt(last?.slice(2) ?? "", 10) * 1000;
}
