import { keepForOperators } from "../../../shared/runtime/delivery/keep-for-operators.ts";
import type { PlatformDeps } from "../../../shared/runtime/deps.ts";
import { type FunctionHandler, header, rawBody } from "../../../shared/runtime/http.ts";
import { note } from "../../../shared/runtime/trace.ts";
import { saleMade, saleRefunded } from "../events/sale.ts";
import { providers } from "../providers/index.ts";
import type { Reading } from "../providers/reading.ts";

type Request = Parameters<ReturnType<typeof handler>>[0];
type ShopWebhookDeps = Pick<PlatformDeps, "ownSettings" | "publisher" | "clock" | "log">;

const anyProvider = new Intl.ListFormat("en-US", { type: "disjunction" });

/**
 * The webhook of the providers of merch sales, each under its own path: verifies that the provider sent the request,
 * and publishes its sales and refunds. A provider whose secret is not set is refused; if several secrets are set, each
 * is accepted, so that they can be rotated.
 *
 * Idempotency: a repeated delivery has the same ids. Crash safety: it answers 200 only once Pub/Sub has everything;
 * otherwise 503, and a provider that retries sends it again. A message that cannot be counted becomes a dead letter,
 * without anything about the buyer, and is answered 200: sending it again would not help, and providers end webhooks
 * whose deliveries keep failing. That includes a signed body that is not JSON. If the proof is inside the JSON, anyone
 * can send broken JSON: it is answered 400 and not stored. Lateness: the provider's time counts.
 */
export const handler: FunctionHandler<ShopWebhookDeps> = (deps) => {
  const shops = providers.map((provider) => ({
    ...provider,
    receive: provider.open(deps.ownSettings),
  }));
  /** The provider that the path ends with; without one, the provider with a header of its own in the request. */
  const shopOf = (request: Request) => {
    const end = request.path.split("/").findLast((part) => part !== "");
    return (
      shops.find(({ name }) => name === end) ??
      shops.find(({ ownHeader }) => ownHeader !== undefined && request.get(ownHeader) !== undefined)
    );
  };

  return async (request, response) => {
    const shop = shopOf(request);
    if (!shop || request.method !== "POST") {
      const paths = anyProvider.format(shops.map(({ name }) => `/${name}`));
      response.status(404).json({ error: `Post to ${paths}.` });
      return;
    }
    const received = shop.receive({
      body: rawBody(request),
      header: (name) => header(request, name),
      receivedAt: deps.clock.now(),
    });
    if (received === "not-json") {
      response.status(400).json({ error: "This is not JSON." });
      return;
    }
    if (received === "not-theirs") {
      deps.log.warn("A webhook was not the shop's, or its secret is not set", { shop: shop.name });
      response.status(401).json({ error: "That token or signature is not the shop's." });
      return;
    }
    if (received === "probe") {
      note({ what: `${shop.name} probe` });
      response.status(200).json({ message: "Ready." });
      return;
    }
    note({ what: `${shop.name} ${received.map(({ kind }) => kind).join(", ")}` });
    if (!(await takeAll(received, deps))) {
      response.status(503).json({ error: "Send it again." });
      return;
    }
    deps.log.info("A webhook was accepted", { event: "webhook-accepted", provider: shop.name });
    response.status(200).json({ message: "Thank you." });
  };
};

/** Publishes or stores everything; false if the provider has to send it again. */
async function takeAll(readings: readonly Reading[], deps: ShopWebhookDeps): Promise<boolean> {
  const taken = await Promise.all(readings.map((reading) => take(reading, deps)));
  return taken.every((isTaken) => isTaken);
}

async function take(reading: Reading, deps: ShopWebhookDeps): Promise<boolean> {
  if (reading.kind === "unreadable") return keepForOperators(reading.deadLetter, deps);
  if (reading.kind === "nothing") {
    deps.log.info("A webhook reported nothing that counts", { why: reading.why });
    return true;
  }
  try {
    if (reading.kind === "sale") await deps.publisher.publish(saleMade, reading.sale);
    else await deps.publisher.publish(saleRefunded, reading.refund);
    return (
      reading.kind === "sale" ||
      !reading.deadLetter ||
      (await keepForOperators(reading.deadLetter, deps))
    );
  } catch (error) {
    const { id } = reading.kind === "sale" ? reading.sale : reading.refund;
    deps.log.error("A sale or refund was not published", error, { id });
    return false;
  }
}
