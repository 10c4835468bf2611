import { type FunctionHandler, header, rawBody } from "../../../shared/runtime/http.ts";
import { keepForOperators } from "../../../shared/runtime/keep-for-operators.ts";
import { note } from "../../../shared/runtime/trace.ts";
import type { Deps } from "../deps.ts";
import { saleMade, saleRefunded } from "../events/sale.ts";
import { isKofiToken, isSignedByShopify } from "../providers/authentic.ts";
import { readKofi } from "../providers/kofi.ts";
import { type News, parseExactly } from "../providers/news.ts";
import { readShopify } from "../providers/shopify.ts";

type Request = Parameters<ReturnType<typeof handler>>[0];
type ShopWebhookDeps = Pick<Deps, "config" | "publisher" | "clock" | "log">;

/**
 * Where Ko-fi and Shopify tell of sales, each below its own path: checks Ko-fi's token, or Shopify's
 * HMAC over the raw body, and publishes the sale or refund. Without its setting a shop is refused;
 * with several in it, each of them is good, so that they can be changed.
 *
 * It answers 200 only once Pub/Sub has it; else the shop sends it again, and what is heard twice has
 * the same id. What cannot be counted goes to the operators, without anything about the buyer, and
 * is answered 200 too: sent again it would be no better. That includes a body that Shopify has signed
 * and that is not JSON: Shopify deletes a subscription whose deliveries keep failing. Ko-fi's token is
 * inside the JSON, so broken JSON of Ko-fi's is anybody's: it is answered 400 and not kept.
 */
export const handler: FunctionHandler<ShopWebhookDeps> = (deps) => async (request, response) => {
  const shop = shopOf(request);
  if (!shop || request.method !== "POST") {
    response.status(404).json({ error: "Post to /kofi or /shopify." });
    return;
  }
  const news = shop === "kofi" ? kofiNews(request, deps) : shopifyNews(request, deps);
  if (news === "not-json") {
    response.status(400).json({ error: "This is not JSON." });
    return;
  }
  if (!news) {
    deps.log.warn("A webhook was not the shop's, or its secret is not set", { shop });
    response.status(401).json({ error: "That token or signature is not the shop's." });
    return;
  }
  note({ what: `${shop} ${news.kind}` });
  const isTaken = await take(news, deps);
  if (isTaken) {
    deps.log.info("A webhook was accepted", { event: "webhook-accepted", provider: shop });
  }
  if (isTaken) response.status(200).json({ message: "Thank you." });
  else response.status(503).json({ error: "Send it again." });
};

/** By the end of the path; without one, Shopify is known by its headers. */
function shopOf(request: Request): "kofi" | "shopify" | undefined {
  const end = request.path.split("/").findLast((part) => part !== "");
  if (end === "kofi" || end === "shopify") return end;
  return request.get("x-shopify-topic") === undefined ? undefined : "shopify";
}

function kofiNews(
  request: Request,
  { config, clock }: ShopWebhookDeps,
): News | "not-json" | undefined {
  // Ko-fi posts a form whose one field is JSON.
  const form = new URLSearchParams(rawBody(request).toString("utf8"));
  const content = parseExactly(form.get("data") ?? "") as
    | { readonly verification_token?: unknown }
    | null
    | undefined;
  if (content === undefined) return "not-json";
  const given = content?.verification_token;
  const tokens = config.KOFI_VERIFICATION_TOKEN ?? [];
  if (typeof given !== "string" || !tokens.some((token) => isKofiToken(given, token))) {
    return undefined;
  }
  const rules = { saleTypes: config.KOFI_SALE_TYPES, heardAt: clock.now() };
  return readKofi(content, { ...rules, body: rawBody(request) });
}

function shopifyNews(request: Request, { config, clock }: ShopWebhookDeps): News | undefined {
  const body = rawBody(request);
  const signature = header(request, "x-shopify-hmac-sha256");
  const secrets = config.SHOPIFY_WEBHOOK_SECRET ?? [];
  if (!secrets.some((secret) => isSignedByShopify(body, signature, secret))) return undefined;
  const topic = header(request, "x-shopify-topic");
  const content = parseExactly(body.toString("utf8"));
  return readShopify({ topic, content, body, heardAt: clock.now() });
}

/** Whether it need not be sent again. */
async function take(news: News, deps: ShopWebhookDeps): Promise<boolean> {
  if (news.kind === "unreadable") return keepForOperators(news.deadLetter, deps);
  if (news.kind === "nothing") {
    deps.log.info("A webhook told nothing that counts", { why: news.why });
    return true;
  }
  try {
    if (news.kind === "sale") await deps.publisher.publish(saleMade, news.sale);
    else await deps.publisher.publish(saleRefunded, news.refund);
    return (
      news.kind === "sale" || !news.deadLetter || (await keepForOperators(news.deadLetter, deps))
    );
  } catch (error) {
    const { id } = news.kind === "sale" ? news.sale : news.refund;
    deps.log.error("A sale or refund was not published", error, { id });
    return false;
  }
}
