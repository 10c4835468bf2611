import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { createOrderLinks } from "../../../functions/shop/store/order-links.ts";
import { linkToOrder } from "../../../functions/shop/web/order-link.ts";
import { type Browser, findChromium, startChromium } from "../../../local/browser/chromium.ts";
import { useCloud } from "../../support/cloud.ts";
import { MEASURE } from "../measure.ts";
import { orderBuyers, TRACKING } from "./orders.ts";

/** The headings in order, the landmarks, and the addresses that the keyboard can reach. */
const STRUCTURE = `(() => ({
  headings: [...document.querySelectorAll("main :is(h1, h2, h3)")].map(({ tagName }) => tagName),
  landmarks: ["header", "nav", "main", "footer"].filter((name) => document.querySelector(name)),
  scripts: [...document.scripts].map(({ src }) => new URL(src).pathname),
}))()`;

const cloud = await useCloud({ forBrowser: true, rateLimits: false });
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
const { sentTogether } = orderBuyers(cloud);
const { orderId } = await sentTogether();
const orderLinks = createOrderLinks(async () => cloud.firestore);
const link = (await linkToOrder(orderId, { orderLinks, config: { PUBLIC_SITE_URL: site } })) ?? "";
const chromium = findChromium();

if (chromium) {
  describe("an order's page on a phone", () => {
    let browser: Browser;
    beforeAll(() => {
      browser = startChromium(chromium);
    });
    afterAll(() => browser.stop());

    test.each([
      { width: 390, dark: false },
      { width: 390, dark: true },
      { width: 320, dark: false },
    ])("fits, is readable and has one heading for each part (%p)", async (look) => {
      const seen = `({ ...${MEASURE}, ...${STRUCTURE} })`;
      for await (const { value, complaints } of browser.look([link], seen, look)) {
        expect(value).toMatchObject({
          overflow: 0,
          hasStyle: true,
          unreadable: [],
          brokenImages: [],
          headings: ["H1", "H2", "H2", "H2", "H2", "H2"],
          landmarks: ["header", "nav", "main", "footer"],
          scripts: ["/pages/times.js"],
        });
        expect(complaints).toEqual([]);
      }
    });

    test("leads the keyboard to the builder, the video, the parcel, the receipt and Discord", async () => {
      const tab = await browser.open(link, { width: 390, height: 3000 });
      const reached = new Set<unknown>();
      for (let stop = 0; stop < 20; stop += 1) {
        await tab.press("Tab");
        reached.add(await tab.evaluate("document.activeElement.textContent.trim()"));
      }
      const stops = ["Watch the moment", "Track it at UPS", `UPS ${TRACKING}`, "Stripe's receipt"];
      for (const stop of [...stops, "Report it in Discord", "Open our Discord"])
        expect(reached).toContain(stop);
      await tab.close();
    });
  });
}
