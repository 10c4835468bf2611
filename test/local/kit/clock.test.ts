import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "@jest/globals";
import { LocalClock } from "../../../local/kit/clock.ts";
import { quietLoop } from "../../../local/kit/event-loop.ts";

const START_MS = Date.UTC(2030, 0, 1);
const HOUR_MS = 3_600_000;

describe("a frozen clock", () => {
  const standing = () => new LocalClock({ frozenAtMs: START_MS });

  test("moves only by being advanced", async () => {
    const clock = standing();
    expect(clock.nowMs()).toBe(START_MS);
    await setImmediate();
    expect(clock.nowMs()).toBe(START_MS);
    await clock.advance(HOUR_MS);
    expect(clock.now()).toEqual(new Date(START_MS + HOUR_MS));
  });

  test("runs timers in the order of their times, each at its time", async () => {
    const clock = standing();
    const rang: [string, number][] = [];
    const ring = (name: string) => () => rang.push([name, clock.nowMs() - START_MS]);
    clock.after(2000, ring("later"));
    clock.after(1000, ring("first"));
    clock.after(1000, ring("second"));
    clock.after(HOUR_MS, ring("not yet"));
    await clock.advance(HOUR_MS - 1);
    expect(rang).toEqual([
      ["first", 1000],
      ["second", 1000],
      ["later", 2000],
    ]);
  });

  test("runs what is due at once in the next turn of the event loop, without being advanced", async () => {
    const clock = standing();
    let hasRun = false;
    clock.after(0, () => {
      hasRun = true;
    });
    await Promise.resolve();
    expect(hasRun).toBe(false);
    await setImmediate();
    expect(hasRun).toBe(true);
  });

  test("lets the work that a timer starts finish before the next timer runs", async () => {
    const clock = standing();
    const steps: string[] = [];
    clock.after(1, async () => {
      steps.push("begun");
      for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
      steps.push("done");
    });
    clock.after(2, () => steps.push("next"));
    await clock.advance(2);
    expect(steps).toEqual(["begun", "done", "next"]);
  });

  test("goes on for what is waited for from the moment in which it came to rest", async () => {
    const arrived: number[] = [];
    const moments = Array.from({ length: 30 }, (_, moment) => moment);
    for (const moment of moments) {
      const clock = standing();
      await clock.drive(clock.sleep(5));
      for (let turn = 0; turn <= moment % 3; turn += 1) await quietLoop();
      for (let turn = 0; turn < moment / 3; turn += 1) await Promise.resolve();
      const later = clock.drive(clock.sleep(5)).then(() => arrived.push(moment));
      for (let turn = 0; turn < 10; turn += 1) await quietLoop();
      await Promise.race([later, quietLoop()]);
    }
    expect(arrived).toEqual(moments);
  });

  test("does not run a cancelled timer", async () => {
    const clock = standing();
    const cancel = clock.after(0, () => {
      throw new Error("taken back");
    });
    cancel();
    await setImmediate();
    expect(clock.nextDueMs()).toBeUndefined();
  });
});
