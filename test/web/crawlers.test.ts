import { expect, test } from "@jest/globals";
import { createOrderLinks } from "../../functions/shop/store/order-links.ts";
import { linkToOrder } from "../../functions/shop/web/order-link.ts";
import { useCloud } from "../support/cloud.ts";
import { auctionSeeder } from "./auctions.ts";
import { siteSeeder } from "./seed.ts";
import { visitor } from "./visitor.ts";

const cloud = await useCloud();
const seed = siteSeeder(cloud.firestore, cloud.clock);
const auctions = auctionSeeder(cloud.firestore, cloud.clock);
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
const { read, visit } = visitor(site, cloud);

/** The addresses in the sitemap. */
async function listed(): Promise<string[]> {
  const xml = await read("/sitemap.xml");
  expect(xml).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<urlset xmlns="http:\/\/www\.sitemaps\.org\/schemas\/sitemap\/0\.9">\n(<url><loc>[^<&]+<\/loc><\/url>\n)+<\/urlset>\n$/,
  );
  return [...xml.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address ?? "");
}

test("the sitemap lists what is open to everyone, each at the address that its page names", async () => {
  const drop = await seed.drop({});
  const running = await auctions.auction({});
  const planned = await auctions.auction({ state: "planned" });
  await seed.drop({ is_closed: true });
  await seed.drop({ draft_state: "draft" });
  await auctions.auction({ state: "settled" });
  const addresses = await listed();
  expect(new Set(addresses)).toEqual(
    new Set(
      ["/", "/about", `/drop/${drop}`, `/auction/${running}`, `/auction/${planned}`].map(
        (path) => `${site}${path}`,
      ),
    ),
  );
  for (const address of addresses) {
    const page = await read(address.slice(site.length));
    expect(page).toContain(`<link rel="canonical" href="${address}">`);
  }
});

test("the sitemap has nothing that is somebody's own", async () => {
  const { id, sessionId } = await seed.order({ fulfillment_status: "paid" });
  const links = {
    orderLinks: createOrderLinks(async () => cloud.firestore),
    config: { PUBLIC_SITE_URL: site },
  };
  const link = await linkToOrder(id, links);
  const text = (await listed()).join("\n");
  for (const secret of [link ?? "", id, sessionId, "/order/", "/desk", "/overlay/", "/success"]) {
    expect(text).not.toContain(secret);
  }
});

test("the sitemap is bounded, however much there is", async () => {
  for (let number = 0; number < 120; number += 1) await seed.drop({}, []);
  expect((await listed()).length).toBeLessThanOrEqual(302);
});

test("robots.txt names the sitemap by its whole address", async () => {
  const moved = await visit("/robots.txt", { redirect: "manual" });
  expect([moved.status, moved.headers.get("location")]).toEqual([302, "/crawlers.txt"]);
  const rules = await visit("/crawlers.txt");
  expect(rules.headers.get("content-type")).toContain("text/plain");
  expect(await rules.text()).toBe(`User-agent: *
Disallow: /success
Disallow: /cancel
Disallow: /payouts/
Disallow: /webhooks/
Disallow: /interactions

Sitemap: ${site}/sitemap.xml
`);
});

test("both are cached at their own address alone", async () => {
  for (const [path, caching] of [
    ["/sitemap.xml", "public, max-age=0, s-maxage=3, stale-while-revalidate=2"],
    ["/crawlers.txt", "public, max-age=0, s-maxage=3600, stale-while-revalidate=60"],
  ]) {
    expect((await visit(path ?? "")).headers.get("cache-control")).toBe(caching);
    const other = await visit(`${path}?x=1`, { redirect: "manual" });
    expect([other.status, other.headers.get("location")]).toEqual([301, path]);
  }
});
