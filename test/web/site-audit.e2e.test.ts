import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Browser, findChromium, startChromium, type Tab } from "../../local/chromium.ts";
import { axeSource } from "../support/axe.ts";
import { useCloud } from "../support/cloud.ts";
import { everyPage, type NamedPage } from "./every-page.ts";
import { signIn } from "./keyboard.ts";

/** A tenth of what counts as good: https://web.dev/articles/cls */
const MOST_SHIFT = 0.01;
/** Far from UTC, so that every time is written anew. */
const timeZone = "America/Los_Angeles";
const phone = { width: 360, timeZone };
const screen = { width: 1280, timeZone };

/** Runs before the page: collects how far the layout moves, and what moves. */
const COLLECT = `(() => {
  window.shifts = [];
  const note = (list) => {
    for (const { value, sources } of list.getEntries()) {
      window.shifts.push({ value, moved: sources.map(({ node }) => node?.parentElement?.outerHTML.slice(0, 200)) });
    }
  };
  new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
})()`;

/** Waits for the typeface, the images and the next paint. */
const SETTLED = `(async () => {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.loading === "lazy" || image.decode().catch(() => {})));
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  return window.shifts;
})()`;

const UNSIZED = `[...document.images].filter((image) => !(image.hasAttribute("width") && image.hasAttribute("height")))
  .map((image) => image.outerHTML)`;

/** The violations that axe-core finds, by all its rules or by the named ones. */
const violations = (rules?: readonly string[]) => `axe.run(document, {
  resultTypes: ["violations"], ...${JSON.stringify(rules ? { runOnly: rules } : {})},
}).then(({ violations }) => violations.map(({ id, nodes }) =>
  [id, ...nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)]))`;

/** The rules whose result depends on colours and sizes. */
const LOOKS = [
  "color-contrast",
  "link-in-text-block",
  "target-size",
  "scrollable-region-focusable",
];

const cloud = await useCloud({ onSockets: true, rateLimits: false });
const site = cloud.settings["PUBLIC_SITE_URL"] ?? "";
const pages = await everyPage(cloud);

test.each(pages.open)("%s is answered as it should be", async (_name, path, status = 200) => {
  expect((await fetch(`${site}${path}`, { redirect: "manual" })).status).toBe(status);
});

async function shiftsIn(tab: Tab): Promise<unknown[]> {
  const shifts = (await tab.evaluate(SETTLED)) as { readonly value: number }[];
  const sum = shifts.reduce((total, { value }) => total + value, 0);
  return sum > MOST_SHIFT ? shifts : [];
}

/** Everything that is wrong with a page, on a phone and on a screen, in both colour schemes. */
async function audit(browser: Browser, path: string): Promise<unknown[]> {
  const tab = await browser.open(`${site}${path}`, screen, COLLECT);
  const found = await shiftsIn(tab);
  await tab.show(phone);
  await tab.reload();
  found.push(...(await shiftsIn(tab)));
  await tab.evaluate(axeSource);
  const check = async (rules?: readonly string[]) =>
    found.push(...((await tab.evaluate(violations(rules))) as unknown[]));
  await check();
  for (const look of [{ ...phone, dark: true }, { ...screen, dark: true }, screen]) {
    await tab.show(look);
    await check(LOOKS);
  }
  found.push(...((await tab.evaluate(UNSIZED)) as unknown[]));
  await tab.close();
  return found;
}

const chromium = findChromium();
if (chromium) {
  describe("no accessibility violation, image without a size, or layout that moves", () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = startChromium(chromium);
    });
    afterAll(() => browser.stop());

    const expectNone = async ([name, path]: NamedPage) =>
      expect({ name, found: await audit(browser, path) }).toEqual({ name, found: [] });

    test.each(pages.open)("is in %s", async (...page) => expectNone(page));

    test("is in a page of the desk", async () => {
      const tab = await browser.open(`${site}/desk`, phone);
      await signIn(tab, pages.deskUsername);
      await tab.close();
      for (const page of pages.desk) await expectNone(page);
    });

    test("would go unnoticed", async () => {
      const tab = await browser.open(`${site}/about`, screen, COLLECT);
      await tab.evaluate(SETTLED);
      await tab.evaluate(`document.querySelector("main").insertAdjacentHTML("afterbegin",
        '<p>Pale</p><img src="/card.png"><a href="/"></a>')`);
      await tab.evaluate(`Object.assign(document.querySelector("main p").style,
        { color: "#999", background: "#aaa", height: "20rem" })`);
      await tab.evaluate(
        "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
      );
      expect(await shiftsIn(tab)).not.toEqual([]);
      await tab.evaluate(axeSource);
      const ids = ((await tab.evaluate(violations())) as string[][]).map(([id]) => id);
      expect(ids).toEqual(expect.arrayContaining(["color-contrast", "image-alt", "link-name"]));
      expect(await tab.evaluate(UNSIZED)).toHaveLength(1);
      await tab.close();
    });
  });
}
