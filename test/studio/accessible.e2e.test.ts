import { beforeAll, expect, test } from "@jest/globals";
import type { Tab } from "../../local/chromium.ts";
import { people, SETTINGS } from "../../local/demo/cast.ts";
import { withText } from "../../tools/reference/picture/studio/player.ts";
import { axeSource } from "../support/axe.ts";
import { community } from "../support/cloud.ts";
import { hasBrowser, useStudio } from "./studio.ts";

const studio = await useStudio({ environment: { ...SETTINGS } });
const { marketplaceChannelId, operatorsChannelId } = community;

const pane = (userId: string, channelId: string) => `pane=${userId}:${channelId}`;

/** Each page of the studio, and each tab of it, with what is there when it has loaded. */
const places: readonly (readonly [place: string, loaded: string])[] = [
  [`/discord?${pane(people.mina, marketplaceChannelId)}`, ".message"],
  [
    `/discord?${pane(people.vera, operatorsChannelId)}&${pane(people.ruth, marketplaceChannelId)}`,
    ".message",
  ],
  ["/twitch", "#page .card"],
  ["/twitch?tab=events", "#page .card"],
  ["/scenes", ".scene"],
  ["/stripe", ".tabs + *"],
  ["/stripe?tab=customers", ".tabs + *"],
  ["/stripe?tab=refunds", ".tabs + *"],
  ["/stripe?tab=disputes", ".tabs + *"],
  ["/stripe?tab=accounts", ".tabs + *"],
  ["/stripe?tab=balances", ".tabs + *"],
  ["/stripe?tab=webhooks", ".tabs + *"],
  ["/shops", "#page .card"],
  ["/mail", "#page .card"],
  ["/pages", "#page iframe"],
  ["/time", "#page table"],
  ["/trouble", "#page .card"],
  ["/replay", "#page .card"],
  ["/inside", "#page table"],
  ["/inside?tab=queues", "[aria-label^='Waiting tasks'] tbody"],
  ["/inside?tab=letters", "[aria-label='Dead letters'] > *"],
  ["/inside?tab=firestore", "[aria-label='Collections'] > a"],
  ["/inside?tab=firestore&in=auctions", "[aria-label^='Documents of'] tbody"],
  ["/inside?tab=redis", "[aria-label='Keys'] tbody"],
  ["/inside?tab=ledger", "[aria-label='Balance sheet'] tbody"],
];

/** What axe-core finds, by all its rules or by the named ones. Frames show the site, which has its own audit. */
const violations = (rules?: readonly string[]) => `axe.run(document, {
  iframes: false, resultTypes: ["violations"], ...${JSON.stringify(rules ? { runOnly: rules } : {})},
}).then(({ violations }) => violations.map(({ id, nodes }) =>
  [id, ...nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 200) + failureSummary)]))`;

/** Goes to a place as a link does, without loading the studio again. */
async function goTo(tab: Tab, place: string, loaded: string): Promise<void> {
  await tab.evaluate(`history.pushState(null, "", ${JSON.stringify(place)})`);
  await tab.evaluate(`dispatchEvent(new PopStateEvent("popstate"))`);
  await tab.until(`document.querySelector(${JSON.stringify(loaded)}) !== null`);
}

/**
 * What is too wide for the page: the page itself, and tables that scroll sideways. Headings of stacked rows are for
 * screen readers alone. Also tables of which less than a row is seen.
 */
const TOO_WIDE = `[document.documentElement, document.getElementById("page"),
  ...document.querySelectorAll("#page :is(.table, .scroll, table, .tabs)")]
  .filter((each) => each.scrollWidth > each.clientWidth ||
    (each.scrollHeight > each.clientHeight && each.clientHeight < 60))
  .map((each) => [each.tagName, each.className, each.ariaLabel, each.scrollWidth, each.scrollHeight])`;

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
    for (const [place, loaded] of places) {
      await goTo(tab, place, loaded);
      const light = (await tab.evaluate(violations())) as unknown[];
      await tab.show({ ...look, dark: true });
      const dark = (await tab.evaluate(violations(["color-contrast"]))) as unknown[];
      await tab.show(look);
      const all = [...light, ...dark];
      if (all.length > 0) found.push([place, ...all]);
    }
    expect(found).toEqual([]);
    await tab.close();
  });

  test("no page is wider than a phone, nor is a table", async () => {
    const tab = await studio.open("/time", { ...look, width: 400 });
    const found: unknown[] = [];
    for (const [place, loaded] of places) {
      await goTo(tab, place, loaded);
      const wide = (await tab.evaluate(TOO_WIDE)) as unknown[];
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
