import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Browser,
  findChromium,
  startChromium,
  type Tab,
} from "../../../local/browser/chromium.ts";
import { startTestCloud, type TestCloud } from "../../support/cloud.ts";
import { type AuctionSeeder, auctionSeeder } from "../auctions.ts";
import { MEASURE } from "../measure.ts";
import { openOnClock } from "./page-clock.ts";

const [ANN, BOB] = ["300000000000011111", "300000000000022222"];
const PRICE = `document.querySelector('[data-show="price"]').textContent`;
const TIME_LEFT = "document.querySelector('[data-countdown]').textContent";
const CONNECTION = "document.querySelector('[data-feed]').dataset.connection";
const PHASE = "document.querySelector('[data-feed]').dataset.phase";

const chromium = findChromium();
if (chromium) {
  describe("an auction in a browser", () => {
    let cloud: TestCloud;
    let seed: AuctionSeeder;
    let site: string;
    let browser: Browser;

    beforeAll(async () => {
      cloud = await startTestCloud({ forBrowser: true });
      seed = auctionSeeder(cloud.firestore, cloud.clock);
      site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
      browser = startChromium(chromium);
    });
    afterAll(async () => {
      await browser.stop();
      await cloud.stop();
    });

    const watch = async (path: string, check: (tab: Tab) => Promise<void>): Promise<void> => {
      const tab = await openOnClock(browser, `${site}${path}`, { width: 800 }, cloud.clock);
      await check(tab);
      await tab.close();
    };

    test.each(["/overlay/", "/auction/"])(
      "%s shows a new bid by itself, and goes on after the feed has failed",
      async (path) => {
        const id = await seed.auction({}, [{ bidderId: ANN, price: 6_000 }]);
        await watch(`${path}${id}`, async ({ until, evaluate, complaints }) => {
          await until(`${PRICE} === "$60.00" && /^4:\\d\\d$/.test(${TIME_LEFT})`);
          await evaluate("window.isSame = true");
          await seed.bid(id, [{ bidderId: BOB, price: 7_000 }]);
          await until(`${PRICE} === "$70.00"`);
          const newest = "document.querySelector('[data-bids] li').innerText";
          expect(await evaluate(newest)).toMatch(/bidder …2222\s+\$70\.00/);
          expect(complaints).toEqual([]);

          const PERMISSION_DENIED = 7;
          const fault = { kind: "fail", code: PERMISSION_DENIED } as const;
          cloud.faults.add({ target: "firestore", fault });
          await until(`${CONNECTION} === "lost"`);
          expect(await evaluate(PRICE)).toBe("$70.00");
          cloud.faults.clear();
          await seed.bid(id, [{ bidderId: ANN, price: 8_000 }]);
          await until(`${PRICE} === "$80.00" && ${CONNECTION} === ""`);
          expect(await evaluate("window.isSame")).toBe(true);
        });
      },
    );

    test("an overlay stays from before the opening until the hammer has fallen", async () => {
      const id = await seed.auction({ state: "planned", ends_at: null });
      await watch(`/overlay/${id}`, async ({ until, evaluate }) => {
        await until(`${PHASE} === "planned" && ${TIME_LEFT} === ""`);
        const change = (fields: Record<string, unknown>) =>
          cloud.firestore.doc(`auctions/${id}`).update(fields);
        await change({ state: "live", ends_at: new Date(cloud.clock.nowMs() + 3_700_000) });
        await until(`${PHASE} === "live" && /^1:01:\\d\\d$/.test(${TIME_LEFT})`);
        await seed.bid(id, [{ bidderId: ANN, price: 6_000 }]);
        await change({ state: "sold" });
        await until(`${PHASE} === "sold" && ${TIME_LEFT} === ""`);
        expect(await evaluate("document.body.innerText")).toMatch(
          /Sold for\s+\$60\.00\s+Won by bidder …1111/,
        );
      });
    });

    test("an overlay has nothing behind it, even while the database refuses", async () => {
      const id = await seed.auction({ title: "<img src=x onerror='document.title=1'>" });
      const behind = `[document.documentElement, document.body]
        .map((element) => getComputedStyle(element).backgroundColor).join()`;
      const nothing = "rgba(0, 0, 0, 0),rgba(0, 0, 0, 0)";
      for (const theme of ["pastel", "dark", "minimal"]) {
        await watch(`/overlay/${id}?theme=${theme}`, async ({ until, evaluate }) => {
          await until(`${TIME_LEFT} !== ""`);
          expect(await evaluate(behind)).toBe(nothing);
          expect(await evaluate("document.images.length")).toBe(0);
        });
      }
      cloud.faults.add({ target: "firestore", fault: { kind: "fail", code: 7 } });
      await watch(`/overlay/${id}`, async ({ evaluate }) => {
        expect(await evaluate(behind)).toBe(nothing);
        expect(await evaluate("document.body.innerText.trim()")).toBe("");
        cloud.faults.clear();
      });
    });

    test.each([
      { width: 360, dark: false },
      { width: 360, dark: true },
      { width: 1280, dark: false },
    ])("pages and overlays fit and can be read without scripts at %p", async (look) => {
      const bids = [{ bidderId: ANN, price: 6_000 }];
      const long = await seed.auction({ title: "W".repeat(100), start_price: 999_999_999 });
      const going = await seed.auction({ ends_at: new Date(cloud.clock.nowMs() + 9_000) }, bids);
      const over = await seed.auction({ state: "cancelled" }, bids);
      const pages = [long, going, over].map((id) => `/auction/${id}`);
      const urls = [...pages, `/overlay/${long}`, `/overlay/${going}?theme=dark`].map(
        (path) => `${site}${path}`,
      );
      for await (const seen of browser.look(urls, MEASURE, look)) {
        expect(seen).toMatchObject({
          url: seen.url,
          complaints: [],
          value: { overflow: 0, unreadable: [], brokenImages: [] },
        });
      }
    });
  });
}
