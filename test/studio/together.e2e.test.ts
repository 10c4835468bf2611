import { expect, test } from "@jest/globals";
import { community, seeder } from "../support/cloud.ts";
import { paneOf } from "./support/discord-panes.ts";
import { hasBrowser, useStudio } from "./support/studio.ts";

const studio = await useStudio();
const { cloud } = studio;
const { clock } = cloud;
const DAY_MS = 86_400_000;

const advance = async (ms: number) => (await studio.call("time", "advance", { ms })).json();

test("two who advance the clock at once each get their own step", async () => {
  await studio.call("time", "pause");
  const before = clock.nowMs();
  const [one, other] = await Promise.all([advance(DAY_MS), advance(DAY_MS)]);
  expect([one.nowMs - before, other.nowMs - before]).toEqual([DAY_MS, 2 * DAY_MS]);
  expect(clock.nowMs() - before).toBe(2 * DAY_MS);
  await studio.call("time", "resume");
});

test("in a month that is advanced at once everything happens at its own time, and nothing is overtaken", async () => {
  const started = await studio.call("scenes", "start", { name: "auction", seed: 7 });
  expect(started.status).toBe(200);
  const since = studio.logs.newest;
  const endsAtMs = clock.nowMs() + 60_000;
  await studio.call("time", "advanceTo", { atMs: clock.nowMs() + 30 * DAY_MS });
  const lines = studio.logs.after(since).map(({ fields }) => fields);
  const wrong = lines.filter(
    ({ severity, message }) =>
      severity !== "INFO" || String(message).endsWith("was lost meanwhile"),
  );
  expect(wrong).toEqual([]);
  const hammers = lines.filter(({ message }) => message === "done: hammer-drop");
  expect(hammers).toHaveLength(1);
  expect(Date.parse(String(hammers[0]?.["time"])) - endsAtMs).toBeLessThan(60_000);
  const late = cloud.tasks
    ?.tasks()
    .filter(({ state, nextAtMs }) => state === "waiting" && nextAtMs < clock.nowMs());
  expect(late).toEqual([]);
});

if (hasBrowser) {
  test("two browsers show the same, and what one does appears in the other", async () => {
    const [one, other] = [await studio.open("/time"), await studio.open("/time")];
    const button = (text: string) =>
      `[...document.querySelectorAll("button")].find((each) => each.textContent === ${JSON.stringify(text)})`;
    await one.click(button("Pause"));
    await other.until(`${button("Let it run")} !== undefined`);
    const before = clock.nowMs();
    await Promise.all([one.click(button("+ 1 day")), other.click(button("+ 1 day"))]);
    const shown = `document.querySelector(".now").textContent`;
    const date = new Date(before + 2 * DAY_MS).toLocaleDateString("en-US", { dateStyle: "full" });
    for (const tab of [one, other]) await tab.until(`${shown}.includes(${JSON.stringify(date)})`);
    await other.click(button("Let it run"));
    await one.until(`${button("Pause")} !== undefined`);
    for (const tab of [one, other]) {
      expect(tab.complaints).toEqual([]);
      await tab.close();
    }
  });

  test("two browsers are the same person at once", async () => {
    const { id } = await seeder(cloud).builder();
    const place = `/discord?pane=${id}:${community.generalChannelId}`;
    // The tab that was opened last is in front, where the keyboard is.
    const [other, one] = [await studio.open(place), await studio.open(place)];
    const [mine, theirs] = [paneOf(one), paneOf(other)];
    for (const pane of [mine, theirs]) await pane.shows("Nothing has been said");
    await mine.types("/c500 help");
    await one.until(`${mine.find("[role=option]")}?.textContent.startsWith("/c500 help")`);
    await one.press("Enter");
    await one.until(`document.activeElement.classList.contains("send")`);
    await one.press("Enter");
    await mine.shows("used /c500 help");
    await theirs.shows("used /c500 help");
    await other.click(theirs.button("Dismiss message"));
    await mine.shows("Nothing has been said");
    for (const tab of [one, other]) {
      expect(tab.complaints).toEqual([]);
      await tab.close();
    }
  });
}
