import { beforeAll, expect, test } from "@jest/globals";
import { SETTINGS } from "../../local/demo/cast.ts";
import { withText } from "../../tools/reference/picture/studio/player.ts";
import { axeSource } from "../support/web/axe.ts";
import { goTo, places, TOO_WIDE } from "./support/places.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio({ environment: { ...SETTINGS } });

/** What axe-core finds, by all its rules or by the named ones. Frames show the site, which has its own audit. */
const violations = (rules?: readonly string[]) => `axe.run(document, {
  iframes: false, resultTypes: ["violations"], preload: { assets: ["media"] }, ...${JSON.stringify(rules ? { runOnly: rules } : {})},
}).then(({ violations }) => violations.map(({ id, nodes }) =>
  [id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)]))`;

/** The rules whose result depends on the width. */
const NARROW = ["scrollable-region-focusable", "target-size"];

const look = { width: 1280, height: 800 };

if (hasBrowser) {
  beforeAll(async () => {
    const started = await studio.call("scenes", "start", { name: "auction", seed: 7 });
    expect(started.status).toBe(200);
  });

  test("no page has an accessibility violation, light or dark", async () => {
    const tab = await studio.open("/time", look);
    await tab.evaluate(axeSource);
    const found: unknown[] = [];
    let dark = false;
    for (const [place, loaded] of places) {
      await goTo(tab, place, loaded);
      const all = (await tab.evaluate(violations())) as unknown[];
      dark = !dark;
      await tab.show({ ...look, dark });
      all.push(...((await tab.evaluate(violations(["color-contrast"]))) as unknown[]));
      if (all.length > 0) found.push([place, ...all]);
    }
    expect(found).toEqual([]);
    await tab.close();
  });

  test("no page is wider than a phone, nor is a table, and all of it is reached there", async () => {
    const tab = await studio.open("/time", { ...look, width: 390 });
    await tab.evaluate(axeSource);
    const found: unknown[] = [];
    for (const [place, loaded] of places) {
      await goTo(tab, place, loaded);
      const wide = (await tab.evaluate(TOO_WIDE)) as unknown[];
      wide.push(...((await tab.evaluate(violations(NARROW))) as unknown[]));
      if (wide.length > 0) found.push([place, ...wide]);
    }
    expect(found).toEqual([]);
    await tab.evaluate(`document.querySelector(".tabs").style.width = "500px"`);
    expect(await tab.evaluate(TOO_WIDE)).not.toEqual([]);
    await tab.close();
  });

  test("a violation would be found", async () => {
    const tab = await studio.open("/time", look);
    await tab.until(`${withText("h2", "Clock")} !== undefined`);
    await tab.evaluate(axeSource);
    await tab.evaluate(`document.querySelector("h2").style.color = "#999"`);
    const ids = ((await tab.evaluate(violations(["color-contrast"]))) as string[][]).map(
      ([id]) => id,
    );
    expect(ids).toEqual(["color-contrast"]);
    await tab.close();
  });
}
