import { expect, test } from "@jest/globals";
import { people, SETTINGS } from "../../../local/demo/cast.ts";
import { community } from "../../support/cloud.ts";
import { hasBrowser, useStudio } from "../support/studio.ts";

// As in `./dev up`: the staff approve builders.
const studio = await useStudio({ environment: { ...SETTINGS } });
const { discord } = studio.cloud;
const posts = () => discord.messages(community.marketplaceChannelId).length;

test("a scene that somebody is refused says why, and the next one starts", async () => {
  const unknown = await studio.call("scenes", "start", { name: "party", seed: 1 });
  expect(await unknown.json()).toEqual({ error: 'There is no scene "party".' });
  const { last } = await (await studio.call("scenes", "read")).json();
  expect(last).toMatchObject({ name: "party", state: "failed", problem: expect.any(String) });
});

if (hasBrowser) {
  test("a shared link starts its scene with its seed after a press", async () => {
    const tab = await studio.open("/scenes?scene=drop&seed=7");
    await tab.until(`document.querySelector(".shared-scene button.primary") !== null`);
    expect(posts()).toBe(0);
    await tab.evaluate(`document.querySelector(".shared-scene button.primary").click()`);
    await tab.until(`document.querySelector(".badge.good")?.textContent === "is ready"`);
    expect(posts()).toBeGreaterThan(0);
    const { last } = await (await studio.call("scenes", "read")).json();
    expect(last).toMatchObject({ name: "drop", seed: 7, state: "ready" });
    const pane = `/discord?pane=${people.mina}:${community.marketplaceChannelId}`;
    expect(await tab.evaluate(`document.querySelector('a[href="${pane}"]') !== null`)).toBe(true);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });

  test("a trigger of the page makes its event", async () => {
    const tab = await studio.open("/scenes");
    await tab.until(`document.querySelector('form[aria-label="Trigger stream"]') !== null`);
    await tab.evaluate(
      `document.querySelector('form[aria-label="Trigger stream"] button').click()`,
    );
    await tab.until(`document.body.textContent.includes("mina is live.")`);
    await tab.close();
  });
}
