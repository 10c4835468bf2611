import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Browser, findChromium, startChromium } from "../../local/browser/chromium.ts";
import { useCloud } from "../support/cloud.ts";
import { MEASURE } from "./measure.ts";
import { siteSeeder } from "./seed.ts";

const paths: string[] = ["/", "/about", "/cancel", "/payouts/return", "/payouts/refresh"];

/** Our own script, and data for search engines, which a browser does not run. */
const OURS =
  /<script type="module" src="\/pages\/times\.js\?v=\w+"><\/script>|<script type="application\/ld\+json">[^<]*<\/script>/g;

const cloud = await useCloud({ forBrowser: true });
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
const seed = siteSeeder(cloud.firestore, cloud.clock);
const builder_id = await seed.builder({ twitch_username: "mossy_switches", is_live: true });
const hostile = {
  title: `<script>document.title="owned"</script>${"W".repeat(60)}`,
  description: `<img src=x onerror='document.title="owned"'>${"W".repeat(1400)}`,
};
const drops = [
  await seed.drop({ builder_id, title: "Cozy65", description: "Brass." }, ["free", "sold"]),
  await seed.drop(hostile, ["reserved"]),
  await seed.drop({ is_closed: true }),
];
const orders = await Promise.all(
  ["reserved", "paid", "expired"].map((fulfillment_status) => seed.order({ fulfillment_status })),
);
paths.push(
  ...drops.map((id) => `/drop/${id}`),
  ...orders.flatMap(({ id, sessionId }) => [
    `/success?session_id=${sessionId}`,
    `/cancel?order=${id}`,
  ]),
);

test("no page has a script, a form or a style of its own, or anything from another site", async () => {
  for (const path of paths) {
    const html = await (await fetch(`${site}${path}`)).text();
    const bare = html.replace(OURS, "").replace(/"[^"]*"/g, '""');
    expect(bare).not.toMatch(/<(script|form|style|iframe|object|embed|base)\b/i);
    expect(bare).not.toMatch(/<[^>]+\s(style|on\w+)=/i);
    for (const [, url] of html.matchAll(
      /<(?:img|link rel="(?!canonical))[^>]+(?:src|href)="([^"]+)"/g,
    )) {
      expect(url).toMatch(/^\/(\w+\/[\w-]+\.(css|svg|woff2)(\?v=\w+)?|live\/\w+\/preview)$/);
    }
  }
});

const chromium = findChromium();
if (chromium) {
  describe("in a browser without scripts", () => {
    let browser: Browser;
    beforeAll(() => {
      browser = startChromium(chromium);
    });
    afterAll(() => browser.stop());

    test.each([
      { width: 360, dark: false },
      { width: 360, dark: true },
      { width: 1280, dark: false },
    ])("every page loads whole, fits and can be read at %p", async (look) => {
      const urls = paths.map((path) => `${site}${path}`);
      for await (const seen of browser.look(urls, MEASURE, look)) {
        expect(seen).toMatchObject({
          url: seen.url,
          complaints: [],
          value: { overflow: 0, hasStyle: true, unreadable: [], brokenImages: [] },
        });
        expect((seen.value as { title: string }).title).not.toBe("owned");
      }
    });
  });
}
