import { lazy } from "../../shared/runtime/lazy.ts";

/** Stripe's own advice; an event sent again is signed anew. */
const TOLERANCE_SECONDS = 300;

/**
 * Reads an event whose signature one of the secrets made, not longer ago than five minutes; anything
 * else is undefined. https://docs.stripe.com/webhooks#verify-official-libraries
 */
export function createEventReader(secrets: readonly string[]) {
  const library = lazy(async () => {
    const { default: Stripe } = await import("stripe");
    return Stripe.webhooks;
  });

  return async (body: Buffer, signature: string, nowMs: number): Promise<unknown> => {
    const webhooks = await library();
    for (const secret of secrets) {
      try {
        return webhooks.constructEvent(
          body,
          signature,
          secret,
          TOLERANCE_SECONDS,
          undefined,
          nowMs,
        );
      } catch {
        // The next secret's, or nobody's.
      }
    }
    return undefined;
  };
}
