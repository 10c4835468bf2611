import type { Connections } from "../../ports/connections.ts";
import { lazy } from "../../runtime/lazy.ts";

const REQUEST_TIMEOUT_MS = 15_000;
/** The library's own, with one idempotency key for all tries of a call. */
const MAX_NETWORK_RETRIES = 2;

/** Stripe's library with a key, loaded with its first call. */
export function stripeLibrary(key: string, baseUrl: string, fetch: Connections["fetch"]) {
  return lazy(async () => {
    const { default: Library } = await import("stripe");
    const { protocol, hostname, port } = new URL(baseUrl);
    return new Library(key, {
      host: hostname,
      ...(port && { port }),
      protocol: protocol === "http:" ? "http" : "https",
      httpClient: Library.createFetchHttpClient(fetch),
      timeout: REQUEST_TIMEOUT_MS,
      maxNetworkRetries: MAX_NETWORK_RETRIES,
      telemetry: false,
    });
  });
}
