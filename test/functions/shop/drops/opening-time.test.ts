import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { MAX_DAYS_AHEAD, readOpeningTime } from "../../../../functions/shop/domain/opening-time.ts";

const now = new Date("2026-11-23T12:00:00.250Z");
const read = (typed: string) => readOpeningTime(typed, now);

describe("when a drop opens", () => {
  test.each([
    ["in 2 hours", "2026-11-23T14:00:01Z"],
    ["2h", "2026-11-23T14:00:01Z"],
    ["1.5 hours", "2026-11-23T13:30:01Z"],
    ["In 1 day, 30 min", "2026-11-24T12:30:01Z"],
    ["1 day and 2 hours", "2026-11-24T14:00:01Z"],
    ["2 weeks", "2026-12-07T12:00:01Z"],
    ["<t:1764612000>", undefined],
    ["<t:1796151600:R>", "2026-12-01T19:00:00Z"],
    ["2026-12-01T18:00Z", "2026-12-01T18:00:00Z"],
    ["2026-12-01 18:00 UTC", "2026-12-01T18:00:00Z"],
    ["2026-12-01 18:00:30+01:00", "2026-12-01T17:00:30Z"],
    ["2026-12-01T18:00-0500", "2026-12-01T23:00:00Z"],
  ])("%j is read", (typed, expected) => {
    const time = read(typed);
    if (expected === undefined) expect(time).toContain("that time has passed");
    else expect(time).toEqual(new Date(expected));
  });

  test.each([
    "",
    "tomorrow",
    "2",
    "hours",
    "in and 2 h",
    "2 lightyears",
    "2026-13-01 10:00Z",
    "2026-11-31 10:00Z",
    "-2h",
  ])("%j is refused with examples that are read", (typed) => {
    const refusal = String(read(typed));
    expect(refusal).toContain("Opens: I can't read");
    expect(read("in 2 hours")).toBeInstanceOf(Date);
  });

  test("without a time zone is refused with two texts that are read", () => {
    const refusal = String(read("2026-12-01 18:00"));
    const suggested = [...refusal.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
    expect(suggested).toHaveLength(2);
    for (const text of suggested) expect(read(text)).toBeInstanceOf(Date);
  });

  test("is in the future and no task is kept too long, whatever is typed", () => {
    const typed = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.nat(99_999), fc.constantFrom("m", "h", "days", "weeks"))
        .map((part) => part.join(" ")),
      fc.nat(4_000_000_000).map((seconds) => `<t:${seconds}>`),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const time = read(text);
        if (typeof time === "string") {
          expect(time).toMatch(/^Opens: /);
          expect(time.length).toBeLessThan(250);
          return;
        }
        expect(time.getTime()).toBeGreaterThan(now.getTime());
        expect(time.getTime()).toBeLessThanOrEqual(now.getTime() + MAX_DAYS_AHEAD * 86_400_000);
      }),
    );
  });
});
