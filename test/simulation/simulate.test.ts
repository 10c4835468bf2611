import { describe, expect, test } from "@jest/globals";
import { SCENARIOS } from "../../tools/cli/commands.ts";
import { dev } from "../support/cli/dev.ts";

/** So few and so short that they take seconds: `.ci/run` runs hundreds, and those that are kept. */
const SIMULATIONS = ["--seed", "1", "--seeds", "2", "--steps", "10", "--whole"];

describe("./dev simulate", () => {
  test.each(SCENARIOS)(
    "finds no violation in fixed simulations of the %s, with the same result twice",
    async (scenario) => {
      const flags = ["--scenario", scenario, ...SIMULATIONS, "--twice"];
      const { code, out } = await dev("simulate", ...flags);
      expect(out).toMatch(/Every (?:other )?rule held\./);
      expect(code).toBe(0);
    },
  );

  test("names the valid values if a flag is wrong", async () => {
    const { code, err } = await dev("simulate", "--scenario", "market");
    expect(err).toContain("--scenario is one of shop, auction, race, live, shipping, all");
    expect(code).toBe(2);
  });
});
