import { expect, test } from "@jest/globals";
import { hasBrowser, useStudio } from "../support/studio.ts";

const studio = await useStudio();
const { clock, twitch } = studio.cloud;
const HOUR_MS = 3_600_000;

const answerOf = async (name: string, input: object = {}) =>
  (await studio.call("time", name, input)).json();

test("the next due thing is named and reached", async () => {
  clock.after(9 * HOUR_MS, () => undefined);
  twitch.addUser({ id: "1", login: "mina" });
  twitch.goLive("mina");
  const { id } = twitch.endStream("mina");
  const video = { service: "Twitch", what: "publishes a stream's video", about: id };
  const { things } = await answerOf("upcoming", { withScheduler: false });
  expect(things).toEqual([{ ...video, atMs: expect.any(Number) }]);

  expect(await answerOf("advanceToNext", { withScheduler: false })).toMatchObject(video);
  expect(clock.nowMs()).toBeGreaterThanOrEqual(things[0].atMs);
  expect(twitch.events().some(({ kind }) => kind === "video-published")).toBe(true);
  expect((await answerOf("upcoming", { withScheduler: false })).things).toEqual([]);
  expect(await answerOf("advanceToNext", { withScheduler: false })).toEqual({
    error: "Nothing is due.",
  });
});

test("Cloud Scheduler's calls are listed on request", async () => {
  const { things } = await answerOf("upcoming", { withScheduler: true });
  expect(things[0]).toMatchObject({
    service: "Cloud Scheduler",
    what: expect.stringMatching(/^calls /),
  });
});

test("a paused clock moves only when it is advanced", async () => {
  const { nowMs, isPaused } = await answerOf("pause");
  expect(isPaused).toBe(true);
  expect(clock.nowMs()).toBe(nowMs);
  const then = await answerOf("advance", { ms: 5_000 });
  expect(then.nowMs).toBe(nowMs + 5_000);
  expect((await answerOf("advanceTo", { atMs: nowMs })).error).toContain("does not go back");
  const { isPaused: stays } = await answerOf("resume");
  expect(stays).toBe(false);
  expect(clock.nowMs()).toBeGreaterThanOrEqual(then.nowMs);
});

if (hasBrowser) {
  test("one press advances to what the page names", async () => {
    twitch.goLive("mina");
    twitch.endStream("mina");
    const tab = await studio.open("/time");
    const published = () => twitch.events().filter(({ kind }) => kind === "video-published").length;
    const before = published();
    await tab.until(`document.querySelector(".next strong")?.textContent.startsWith("Twitch")`);
    await tab.evaluate(`document.querySelector(".next button").click()`);
    await tab.until(`document.querySelector(".toasts .done") !== null`);
    expect(published()).toBe(before + 1);
    expect(tab.complaints).toEqual([]);
    await tab.close();
  });
}
