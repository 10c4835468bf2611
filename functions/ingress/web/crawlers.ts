import type { Response } from "@google-cloud/functions-framework";
import { html } from "@remix-run/html-template";
import { withinDeadline } from "../../../shared/web/deadline.ts";
import { cacheControl } from "../../../shared/web/page.ts";
import { isHidden } from "../../shop/domain/drop.ts";
import type { WebDeps } from "./deps.ts";

/** Where Hosting redirects from `/robots.txt`, which functions-framework keeps from every function. */
export const CRAWLERS_PATH = "/crawlers.txt";
export const SITEMAP_PATH = "/sitemap.xml";

/** What leads elsewhere or is no page. Personal pages have a header of their own that keeps them out of indexes. */
const NOT_CRAWLED = ["/success", "/cancel", "/payouts/", "/webhooks/", "/interactions"];

/**
 * Sends what crawlers may read, and where the sitemap is: by its whole address, as robots.txt requires.
 * https://www.rfc-editor.org/rfc/rfc9309 and https://www.sitemaps.org/protocol.html#submit_robots
 */
export async function sendCrawlerRules(
  response: Response,
  { config }: Pick<WebDeps, "config">,
): Promise<void> {
  const rules = ["User-agent: *", ...NOT_CRAWLED.map((path) => `Disallow: ${path}`)];
  const sitemap = `Sitemap: ${config.PUBLIC_SITE_URL}${SITEMAP_PATH}`;
  response
    .set({ "cache-control": cacheControl.steady, "x-content-type-options": "nosniff" })
    .type("text/plain")
    .send(`${rules.join("\n")}\n\n${sitemap}\n`);
}

type SitemapDeps = Pick<WebDeps, "auctions" | "clock" | "config" | "drops">;

/**
 * Sends the addresses of the pages that are for everyone: the landing page, the about page, open drops, and running and
 * planned auctions. Races are not among them, because none of these pages links to one.
 * Each list has at most a hundred entries, far below the 50,000 addresses and 50 MB that a sitemap may have.
 * https://www.sitemaps.org/protocol.html
 */
export async function sendSitemap(response: Response, deps: SitemapDeps): Promise<void> {
  const { auctions, config, drops } = deps;
  const [open, running, planned] = await withinDeadline(
    Promise.all([drops.open(), auctions.running(), auctions.planned()]),
    deps,
  );
  const paths = [
    "/",
    "/about",
    ...open.filter((drop) => !isHidden(drop)).map(({ id }) => `/drop/${id}`),
    ...[...running, ...planned].map(({ id }) => `/auction/${id}`),
  ];
  const urls = paths.map((path) => html`<url><loc>${config.PUBLIC_SITE_URL}${path}</loc></url>\n`);
  const sitemap = html`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls}</urlset>
`;
  response
    .set({ "cache-control": cacheControl.stock, "x-content-type-options": "nosniff" })
    .type("application/xml")
    .send(`<?xml version="1.0" encoding="UTF-8"?>\n${sitemap}`);
}
