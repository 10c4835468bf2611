import type { HttpRequest } from "../../../shared/runtime/http.ts";
import { type CreateCheckoutDeps, createCheckout } from "./create-checkout.ts";
import { type GoLiveTriggerDeps, goLiveTrigger } from "./go-live-trigger.ts";

/** Dependencies of all routes. */
export type InternalApiDeps = GoLiveTriggerDeps & CreateCheckoutDeps;

/** One path of the API. Its answers are documented in `docs/reference/http-routes.md`. */
interface Route {
  readonly does: string;
  /** An example of the body of a request. */
  readonly body: string;
  /** An example of the body of an answer; from status 400 on it is `{"error": "…"}`. */
  readonly answer: string;
  /** What an Idempotency-Key header does. */
  readonly key: string;
  /** What each status of a refusal means. */
  readonly refusals: Readonly<Record<number, string>>;
  readonly run: (
    request: HttpRequest,
    deps: InternalApiDeps,
  ) => Promise<{ readonly status: number; readonly body: object }>;
}

/** The routes for C500's other services, by path. */
export const routes: Readonly<Record<string, Route>> = {
  "/api/internal/go-live-trigger": {
    does: "Goes live for a builder, as `/c500 live` does.",
    body: '{"builder_discord_id": "…", "live_context": "order:ID"}',
    answer: '{"message": "…"}',
    key: "Optional. It makes a repeated request safe.",
    refusals: {
      400: "a bad body or context",
      403: "the builder is not approved, or suspended",
      404: "no such builder",
      409: "not live, or already announced",
      429: "too often within an hour",
      502: "Discord does not let the bot post there",
      503: "Twitch does not answer",
    },
    run: async (request, deps) => {
      const { status, message } = await goLiveTrigger(request, deps);
      return { status, body: status < 400 ? { message } : { error: message } };
    },
  },
  "/api/internal/create-checkout": {
    does: "Buys for someone, as Buy Now does.",
    body: '{"drop_id": "…", "buyer_discord_id": "…"}',
    answer: '{"order_id": "…", "checkout_url": "…", "expires_at": "…"}',
    key: "Required, one for each purchase. A repeated request gets the same order.",
    refusals: {
      400: "a bad body, or no key",
      403: "the buyer's own drop, or an account that is too young",
      404: "no such drop",
      409: "sold out, closed or paused, or the buyer's limit is reached",
      429: "too many within an hour",
      502: "Stripe refuses",
      503: "Redis does not answer, so that the limit cannot be checked",
    },
    run: createCheckout,
  },
};
