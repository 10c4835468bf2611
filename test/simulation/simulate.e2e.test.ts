import { describe, expect, test } from "@jest/globals";
import { SCENARIOS } from "../../tools/cli/commands.ts";
import { dev } from "../support/cli/dev.ts";

/** One of each scenario, so short that they take seconds: `.ci/run` runs hundreds, and those that are kept. */
const SIMULATIONS = ["--seed", "1", "--seeds", String(SCENARIOS.length), "--steps", "10"];

describe("./dev simulate", () => {
  test("finds no violation in fixed simulations of each scenario, with the same result twice", async () => {
    const { code, out } = await dev("simulate", ...SIMULATIONS, "--twice", "--whole");
    expect(out).toMatch(/Every (?:other )?rule held\./);
    expect(out).toContain(`${2 * SCENARIOS.length} simulations in`);
    expect(out).toMatch(/Digest of their traces: [0-9a-f]{16}\./);
    expect(code).toBe(0);
  });

  test("names the valid values if a flag is wrong", async () => {
    const { code, err } = await dev("simulate", "--scenario", "market");
    expect(err).toContain("--scenario is one of shop, auction, race, live, shipping, all");
    expect(code).toBe(2);
  });
});
