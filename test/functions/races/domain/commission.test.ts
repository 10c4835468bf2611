import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  sharingRacers,
  splitEvenly,
  splitSale,
} from "../../../../functions/races/domain/commission.ts";

const window = (lobbyId: string, racerIds: readonly string[], rateBps = 1000) => ({
  lobbyId,
  racerIds,
  rateBps,
});
const amountsOf = (base: number, windows: Parameters<typeof splitSale>[1], turn = 0) =>
  splitSale(base, windows, turn).shares.map(({ racerId, amount }) => [racerId, amount]);

describe("a sale's base", () => {
  test("goes to the window's racers at its rate, in equal parts, and the rest to the platform", () => {
    expect(splitSale(10_000, [window("a", ["ann", "bob"], 1500)], 0)).toEqual({
      platform: 8500,
      shares: [
        { lobbyId: "a", racerId: "ann", amount: 750 },
        { lobbyId: "a", racerId: "bob", amount: 750 },
      ],
    });
  });

  test("is not shared with a window without racers: the other one gets the whole pool", () => {
    const full = window("full", ["ann", "bob"]);
    for (const windows of [
      [full, window("empty", [])],
      [window("empty", []), full],
    ]) {
      expect(splitSale(10_000, windows, 0)).toEqual(splitSale(10_000, [full], 0));
    }
    expect(splitSale(10_000, [window("empty", [])], 0)).toEqual({ platform: 10_000, shares: [] });
  });

  test("is split equally between windows, each of which applies its own rate to its part", () => {
    const windows = [window("a", ["ann"], 1000), window("b", ["bob"], 2000)];
    expect(amountsOf(10_000, windows)).toEqual([
      ["ann", 500],
      ["bob", 1000],
    ]);
  });

  test("leaves the platform less than one minor unit of rounding per pool", () => {
    expect(amountsOf(99, [window("a", ["ann"])])).toEqual([["ann", 9]]);
    expect(amountsOf(9, [window("a", ["ann"])])).toEqual([["ann", 0]]);
  });
});

describe("odd units of a pool", () => {
  test("go to one racer each, starting with the racer whose turn it is", () => {
    expect(splitEvenly(11, 3, 0)).toEqual([4, 4, 3]);
    expect(splitEvenly(11, 3, 1)).toEqual([3, 4, 4]);
    expect(splitEvenly(11, 3, 2)).toEqual([4, 3, 4]);
    expect(splitEvenly(10, 3, 2)).toEqual([3, 3, 4]);
    expect(splitEvenly(9, 3, 1)).toEqual([3, 3, 3]);
    expect(splitEvenly(10, 3, 5)).toEqual(splitEvenly(10, 3, 2));
  });

  test("never get lost, and favor nobody over many sales", () => {
    const parts = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(fc.nat(1_000_000), parts, fc.nat(2 ** 32 - 1), (amount, count, turn) => {
        const split = splitEvenly(amount, count, turn);
        expect(split.reduce((sum, part) => sum + part, 0)).toBe(amount);
        expect(Math.max(...split) - Math.min(...split)).toBeLessThanOrEqual(1);
        const turns = Array.from({ length: count }, (_, shift) => turn + shift);
        const all = turns.map((each) => splitEvenly(amount, count, each)[0] ?? Number.NaN);
        expect(all.reduce((sum, part) => sum + part, 0)).toBe(amount);
      }),
    );
  });
});

test("a single racer shares only in sales that name their race", () => {
  expect(sharingRacers(["ann"], { isNamed: true })).toEqual(["ann"]);
  expect(sharingRacers(["ann"], { isNamed: false })).toEqual([]);
  expect(sharingRacers(["ann", "bob"], { isNamed: false })).toEqual(["ann", "bob"]);
});
