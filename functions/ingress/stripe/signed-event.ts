import { isUtf8 } from "node:buffer";
import { parseJson } from "../../../shared/runtime/http.ts";
import { lazy } from "../../../shared/runtime/lazy.ts";
import { isAhead } from "../../../shared/runtime/sender-time.ts";

/** Stripe's own advice; an event sent again is signed anew. */
const TOLERANCE_SECONDS = 300;

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Reads the JSON whose signature one of the secrets made, not longer ago than five minutes and not more
 * than five minutes ahead. Undefined without such a signature, null when what is signed is not JSON.
 *
 * The library checks the decoded text, in which a byte order mark and broken UTF-8 no longer show. So that
 * nothing but the signed bytes is accepted, both are refused first. https://docs.stripe.com/webhooks#verify-official-libraries
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
        // The next secret's, or nobody's.
      }
    }
    return undefined;
  };
}

/** When a header says that it was signed; NaN where it does not. The library takes the last `t` as well. */
function signedAtMs(signature: string): number {
  const last = signature.split(",").findLast((part) => part.startsWith("t="));
  return Number.parseInt(last?.slice(2) ?? "", 10) * 1000;
}
