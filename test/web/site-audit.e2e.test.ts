import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Browser,
  findChromium,
  startChromium,
  type Tab,
} from "../../local/browser/chromium.ts";
import { useCloud } from "../support/cloud.ts";
import { axeSource } from "../support/web/axe.ts";
import { everyPage } from "./every-page.ts";
import { signIn } from "./keyboard.ts";
import { UNREADABLE } from "./measure.ts";

/** A tenth of what counts as good: https://web.dev/articles/cls */
const MOST_SHIFT = 0.01;
/** Far from UTC, so that every time is written anew. */
const timeZone = "America/Los_Angeles";
const phone = { width: 360, timeZone };
const screen = { width: 1280, dark: true, timeZone };

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

/** What the first paint waits for apart from the page and its style sheets, whatever the machine's speed. */
const BLOCKING = `performance.getEntriesByType("resource")
  .filter(({ name, renderBlockingStatus }) =>
    renderBlockingStatus === "blocking" && !new URL(name).pathname.endsWith(".css"))
  .map(({ name }) => name)`;

/** The violations that axe-core finds, by all its rules or by the named ones. */
const violations = (rules?: readonly string[]) => `axe.run(document, {
  resultTypes: ["violations"], preload: { assets: ["media"] }, ...${JSON.stringify(rules ? { runOnly: rules } : {})},
}).then(({ violations }) => violations.map(({ id, nodes }) =>
  [id, ...nodes.map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)]))`;

/** The rules whose result depends on colours and sizes. */
const LOOKS = [
  "color-contrast",
  "link-in-text-block",
  "target-size",
  "scrollable-region-focusable",
];

const cloud = await useCloud({ forBrowser: true, rateLimits: false });
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

const violationsIn = async (tab: Tab, rules?: readonly string[]) =>
  (await tab.evaluate(violations(rules))) as unknown[];

/** Both widths and both colour schemes, each with the rules for it. No colour depends on the width. */
const looks = [
  ["on a phone", phone, undefined],
  ["on a dark screen", screen, LOOKS],
] as const;

const chromium = findChromium();
if (chromium) {
  describe("no accessibility violation, image without a size, layout that moves, or paint that waits", () => {
    let browser: Browser;
    let tab: Tab;
    beforeAll(async () => {
      browser = startChromium(chromium);
      tab = await browser.open("about:blank", phone, `${COLLECT};${axeSource}`);
    });
    afterAll(() => browser.stop());

    const expectNone = async (path: string, rules?: readonly string[]) => {
      await tab.goTo(`${site}${path}`);
      const found = [...(await shiftsIn(tab)), ...(await violationsIn(tab, rules))];
      for (const each of [UNSIZED, UNREADABLE, BLOCKING]) {
        found.push(...((await tab.evaluate(each)) as unknown[]));
      }
      expect(found).toEqual([]);
    };

    describe.each(looks)("%s", (_name, look, rules) => {
      beforeAll(() => tab.show(look));

      test.each(pages.open)("is in %s", (_page, path) => expectNone(path, rules));

      test("would go unnoticed", async () => {
        await tab.goTo(`${site}/about`);
        await tab.evaluate(SETTLED);
        await tab.evaluate(`document.querySelector("main").insertAdjacentHTML("afterbegin",
          '<p>Pale</p><img src="/pictures/card.png"><a href="/"></a>')`);
        await tab.evaluate(`Object.assign(document.querySelector("main p").style,
          { color: "#999", background: "#aaa", height: "20rem" })`);
        await tab.evaluate(
          "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))",
        );
        expect(await shiftsIn(tab)).not.toEqual([]);
        const ids = ((await violationsIn(tab, rules)) as string[][]).map(([id]) => id);
        const byAllRules = rules ? [] : ["image-alt", "link-name"];
        expect(ids).toEqual(expect.arrayContaining(["color-contrast", ...byAllRules]));
        expect(await tab.evaluate(UNSIZED)).toHaveLength(1);
        expect(await tab.evaluate(UNREADABLE)).toHaveLength(1);
      });
    });

    describe.each(looks)("at the desk, %s", (_name, look, rules) => {
      beforeAll(async () => {
        await tab.show(look);
        await tab.goTo(`${site}/desk`);
        await signIn(tab, pages.deskUsername);
      });

      test.each(pages.desk)("is in %s", (_page, path) => expectNone(path, rules));
    });
  });
}
