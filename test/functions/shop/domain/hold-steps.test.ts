import { expect, test } from "@jest/globals";
import { dueStep, nextStep } from "../../../../functions/shop/money/hold-steps.ts";

const DAY_MS = 86_400_000;
const end = new Date(Date.UTC(2026, 0, 20));

test.each([
  [3 * DAY_MS + 1, undefined, "warning-3d"],
  [3 * DAY_MS, "warning-3d", "warning-1d"],
  [DAY_MS + 1, "warning-3d", "warning-1d"],
  [DAY_MS, "warning-1d", "end"],
  [1, "warning-1d", "end"],
  [0, "end", undefined],
])("%i ms before the end of a hold, %s is due, and %s comes next", (msBefore, due, next) => {
  const now = new Date(end.getTime() - msBefore);
  expect(dueStep(end, now)?.name).toBe(due);
  expect(nextStep(end, now)?.name).toBe(next);
});
