import type { RequestHandler } from "express";
import { API_VERSION } from "../world.ts";
import { newRequestId } from "./calls.ts";
import { StripeError } from "./stripe-error.ts";

/** The keys that are accepted. */
interface Keys {
  readonly secretKey: string;
  readonly readKey: string | undefined;
}

/** What the restricted key may read. */
const READABLE = /^\/(?:checkout\/sessions|charges)(?:\/|$)/;

/**
 * Assigns every call a request id. Refuses a call without a key, with another API version, or that the restricted key
 * does not permit: https://docs.stripe.com/keys/restricted-api-keys
 */
export function authorise({ secretKey, readKey }: Keys): RequestHandler {
  return (request, response, next) => {
    response.set("request-id", newRequestId());
    response.set("stripe-version", API_VERSION);
    const key = keyOf(request.get("authorization") ?? "");
    if (key === undefined) {
      throw new StripeError(
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        { status: 401 },
      );
    }
    const isRestricted = key === readKey;
    if (isRestricted && (request.method !== "GET" || !READABLE.test(request.path))) {
      throw new StripeError(
        `The provided key '${key.slice(0, 8)}***' does not have the required permissions for this endpoint.`,
        { status: 403, beforeExecution: true },
      );
    }
    if (!isRestricted && key !== secretKey) {
      throw new StripeError(`Invalid API Key provided: ${key.slice(0, 8)}***`, { status: 401 });
    }
    const version = request.get("stripe-version");
    if (version !== API_VERSION) {
      throw new StripeError(
        `Invalid Stripe API version: ${version ?? "none"}; the simulator supports only ${API_VERSION}.`,
      );
    }
    next();
  };
}

/** The key is the bearer token, or the user name of basic authentication. */
function keyOf(header: string): string | undefined {
  const [scheme, value] = header.split(" ");
  if (!value) return undefined;
  if (scheme?.toLowerCase() === "bearer") return value;
  if (scheme?.toLowerCase() !== "basic") return undefined;
  return Buffer.from(value, "base64").toString().split(":", 1)[0] || undefined;
}
