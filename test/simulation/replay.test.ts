import { describe, expect, test } from "@jest/globals";
import { dev } from "../support/cli/dev.ts";

/** Short ones with much in them: `.ci/run` replays hundreds. */
const STEPS = 30;

describe("the inputs and outputs of a simulation, replayed by the plain models", () => {
  test.each([
    ["shop", "some", 19, ["an order, charged_back"]],
    ["shop", "some", 13, ["a debt, reversed"]],
    ["auction", "some", 3, ["an auction, sold", "an order, expired"]],
    ["race", "all", 7, ["a freeze of the ledger", "a refund of the ledger", "a payout of the"]],
  ] as const)(
    "of the %s with %s faults, seed %d, match the documents and Stripe's balances",
    async (scenario, faults, seed, replayed) => {
      const flags = ["--faults", faults, "--seed", String(seed), "--steps", String(STEPS)];
      const { code, out } = await dev("simulate", "--scenario", scenario, ...flags, "--whole");
      expect(out).toMatch(/Every (?:other )?rule held\./);
      expect(code).toBe(0);
      for (const what of replayed) expect(out).toContain(`replayed: ${what}`);
    },
  );
});
