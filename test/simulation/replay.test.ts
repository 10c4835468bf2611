import { describe, expect, test } from "@jest/globals";
import { dev } from "../support/dev.ts";

/** Short ones with much in them: `.ci/run` replays hundreds. */
const STEPS = 24;

describe("what entered and left in an evening, replayed by the plain models", () => {
  test.each([
    ["shop", "some", 1, ["an order, paid", "a transfer of an order"]],
    ["shop", "all", 1, ["an order, paid"]],
    ["auction", "some", 1, ["an auction, "]],
    ["race", "all", 1, ["a sale of the ledger", "a refund of the ledger"]],
  ] as const)(
    "of the %s with %s faults, comes to the documents and to Stripe's books",
    async (scenario, faults, seed, replayed) => {
      const flags = ["--faults", faults, "--seed", String(seed), "--steps", String(STEPS)];
      const { code, out } = await dev("simulate", "--scenario", scenario, ...flags, "--whole");
      expect(out).toMatch(/Every (?:other )?rule held\./);
      expect(code).toBe(0);
      for (const what of replayed) expect(out).toContain(`replayed: ${what}`);
    },
  );
});
