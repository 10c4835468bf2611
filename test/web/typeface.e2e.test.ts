import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Browser,
  findChromium,
  startChromium,
  type Tab,
} from "../../local/browser/chromium.ts";
import { useCloud } from "../support/cloud.ts";

/** Of the phones that most people have, in CSS pixels. */
const PHONE_WIDTHS = [320, 344, 360, 375, 384, 390, 393, 402, 412, 430];

/** The header's height in one typeface, which the page then keeps. */
const heightIn = (family: string) => `(async () => {
  await document.fonts.load('600 1rem "${family}"');
  const [sheet] = document.styleSheets;
  sheet.insertRule('* { font-family: "${family}" !important }', sheet.cssRules.length);
  return document.querySelector(".top").offsetHeight;
})()`;

const cloud = await useCloud({ forBrowser: true, rateLimits: false });
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";

const chromium = findChromium();
if (chromium) {
  describe("a page keeps its layout when its typeface comes late", () => {
    let browser: Browser;
    let tab: Tab;
    beforeAll(async () => {
      browser = startChromium(chromium);
      tab = await browser.open("about:blank", { width: 320 });
    });
    afterAll(() => browser.stop());

    test.each(PHONE_WIDTHS)("on a phone of %i pixels", async (width) => {
      await tab.show({ width });
      await tab.goTo(`${site}/about`);
      const late = await tab.evaluate(heightIn("Nunito fallback"));
      expect(await tab.evaluate(heightIn("Nunito C500"))).toBe(late);
    });
  });
}
