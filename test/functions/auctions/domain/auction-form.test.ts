import { describe, expect, test } from "@jest/globals";
import { DEFAULT_COUNTER_BID_MS } from "../../../../functions/auctions/domain/auction.ts";
import {
  type AuctionOptions,
  parseDuration,
  readAuctionTerms,
} from "../../../../functions/auctions/domain/auction-form.ts";

const DAY_MS = 24 * 3_600_000;
const terms = (options: Partial<AuctionOptions> = {}) =>
  readAuctionTerms({ title: "Brass", price: "50", duration: "5m", ...options }, "builder", "usd");
const problems = (options: Partial<AuctionOptions>) => {
  const read = terms(options);
  return Array.isArray(read) ? read : [];
};

describe("the terms of an auction", () => {
  test("are the defaults if nothing was typed", () => {
    expect(terms()).toEqual({
      builderId: "builder",
      title: "Brass",
      currency: "usd",
      startPrice: 5000,
      increment: undefined,
      reserve: 0,
      durationMs: 300_000,
      counterBidMs: DEFAULT_COUNTER_BID_MS,
      plan: "split",
    });
  });

  test("are what was typed", () => {
    const typed = { increment: "2.50", reserve: "75", counter_bid: 30, payment: "held" } as const;
    expect(terms(typed)).toMatchObject({
      increment: 250,
      reserve: 7500,
      counterBidMs: 30_000,
      plan: "held",
    });
  });

  test.each([
    ["the smallest price", { price: "0.50" }],
    ["the highest price", { price: "100,000" }],
    ["the smallest increment", { increment: "0.01" }],
    ["the highest increment", { increment: "100,000" }],
    ["a reserve as high as the price", { reserve: "50" }],
    ["the shortest time", { duration: "30s" }],
    ["the longest time", { duration: "7d" }],
    ["sudden death", { counter_bid: 0 }],
    ["the longest counter-bid", { counter_bid: 120 }],
  ])("may have %s", (_what, options) => {
    expect(problems(options)).toEqual([]);
  });

  test("are explained with amounts that can be read in the currency", () => {
    const options = { title: "Lamp", price: "12.50", duration: "5m" };
    expect(readAuctionTerms(options, "1", "jpy")).toEqual(["price: write it like 50 or ¥4,950."]);
    expect(readAuctionTerms({ ...options, price: "¥4,950" }, "1", "jpy")).toMatchObject({
      startPrice: 4950,
    });
  });

  test.each([
    ["no title", { title: "  " }, "title: write what it is."],
    ["an invalid price", { price: "much" }, "price: write it like"],
    ["a price of zero", { price: "0" }, "price: write it like"],
    ["too small a price", { price: "0.49" }, "price: at least $0.50."],
    ["too high a price", { price: "100,000.01" }, "price: that's more than"],
    ["an increment of zero", { increment: "0" }, "increment: write it like"],
    ["too high an increment", { increment: "100,000.01" }, "increment: that's more than"],
    ["too high a reserve", { reserve: "100,000.01" }, "reserve: that's more than"],
    ["a reserve below the price", { reserve: "49.99" }, "reserve: make it at least"],
    ["no time", { duration: "soon" }, "duration: write it like"],
    ["too short a time", { duration: "29s" }, "duration: from 30 seconds"],
    ["too long a time", { duration: "168h 1s" }, "duration: from 30 seconds"],
    ["a negative counter-bid", { counter_bid: -1 }, "counter_bid: from 0 to 120 seconds."],
    ["too long a counter-bid", { counter_bid: 121 }, "counter_bid: from 0 to 120 seconds."],
    [
      "a slightly negative counter-bid",
      { counter_bid: -0.0005 },
      "counter_bid: from 0 to 120 seconds.",
    ],
  ])("may not have %s, which is the only problem reported", (_what, options, words) => {
    expect(problems(options)).toEqual([expect.stringContaining(words)]);
  });

  test("with several problems report all of them at once", () => {
    expect(problems({ title: "", price: "x", reserve: "x", duration: "x" })).toHaveLength(4);
  });
});

describe("a duration", () => {
  test.each([
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h 30m", 5_400_000],
    [" 2D ", 2 * DAY_MS],
    ["1d2h3m4s", DAY_MS + 7_384_000],
    ["1m 1m", 120_000],
    ["999999s", 999_999_000],
  ])("%j is %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "5", "m", "5 weeks", "1.5h", "-5m", "5m!", "1000000s"])(
    "%j is not a duration",
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );
});
