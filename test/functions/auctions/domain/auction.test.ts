import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import {
  type Auction,
  auctionOrderId,
  incrementsOf,
  isGoingOnce,
  isReserveMet,
  leastBid,
  nextAmount,
  shownInterruption,
  typoFloorOf,
} from "../../../../functions/auctions/domain/auction.ts";
import { BAR_DAYS, barEnd } from "../../../../functions/auctions/domain/bidding-bar.ts";
import { minorUnitsOf, parseAmount } from "../../../../shared/money/money.ts";

const PAGE = readFileSync(
  new URL("../../../../docs/features/auctions.md", import.meta.url),
  "utf8",
);
const AT = new Date("2026-11-01T20:00:00Z");
const later = (ms: number) => new Date(AT.getTime() + ms);
const STANDING = {
  sequence: 1,
  bidId: "b",
  bids: 1,
  price: 5000,
  leaderId: "1",
  ceiling: 9000,
  leaderSequence: 1,
  at: AT,
};
const MINUTE_MS = 60_000;

describe("the increments", () => {
  const table = incrementsOf({ increment: undefined }, 100);

  test("are those that the page on auctions publishes", () => {
    const text = /`increment:` sets one \(by default ([^)]+)\)/.exec(PAGE)?.[1] ?? "";
    const published = [...text.matchAll(/(\$[\d,]*\d)\s+from\s+(\$[\d,]*\d)/g)].map(
      ([, by = "", from = ""]) => [parseAmount(from, "usd"), parseAmount(by, "usd")],
    );
    expect(published).toEqual([
      [100, 100],
      [3000, 200],
      [5000, 300],
      [10_000, 500],
      [30_000, 1000],
      [100_000, 2000],
      [200_000, 5000],
    ]);
    for (const [from = 0, by = 0] of published) expect(nextAmount(from, table)).toBe(from + by);
    // Up to the next step each is the same.
    const befores = published.slice(1).map(([from = 0]) => from - 1);
    const steps = befores.map((price) => nextAmount(price, table) - price);
    expect(steps).toEqual(published.slice(0, -1).map(([, by]) => by));
    expect(table).toHaveLength(published.length);
    expect(nextAmount(0, table)).toBe(100);
  });

  test("are whole units of the auction's currency", () => {
    expect(incrementsOf({ increment: undefined }, minorUnitsOf("jpy"))[1]).toEqual({
      from: 30,
      by: 2,
    });
    expect(typoFloorOf({ currency: "usd" })).toBe(10_000);
    expect(typoFloorOf({ currency: "jpy" })).toBe(100);
  });

  test("are the seller's own for every price, if they chose one", () => {
    const own = incrementsOf({ increment: 250 }, 100);
    expect([0, 2999, 3000, 1_000_000].map((price) => nextAmount(price, own) - price)).toEqual([
      250, 250, 250, 250,
    ]);
  });

  test("count from the price; without a bid the start price is the minimum", () => {
    const auction = { increment: undefined, currency: "usd", startPrice: 700 };
    const bid = { ...auction, standing: STANDING } as Auction;
    expect(leastBid(bid)).toBe(5300);
    expect(leastBid({ ...bid, standing: undefined })).toBe(700);
  });
});

describe("a reserve", () => {
  test.each([
    ["is met by a ceiling that reaches it", 9000, false, true],
    ["is not met by a lower one", 9001, false, false],
    ["is met where the seller has waived it", 9001, true, true],
    ["is met where there is none", 0, false, true],
  ])("%s", (_what, reserve, isReserveWaived, isMet) => {
    expect(isReserveMet({ standing: STANDING, reserve, isReserveWaived })).toBe(isMet);
  });

  test("is not met without a bid", () => {
    const unbid = { standing: undefined, isReserveWaived: false };
    expect(isReserveMet({ ...unbid, reserve: 1 })).toBe(false);
    expect(isReserveMet({ ...unbid, reserve: 0 })).toBe(true);
  });
});

describe("what a board shows about the time", () => {
  test("is that it goes once, in the last ten seconds, plus one for its task, if there is a bid", () => {
    const live = { state: "live", standing: STANDING, endsAt: later(11_000) } as const;
    expect(isGoingOnce(live, AT)).toBe(true);
    expect(isGoingOnce({ ...live, endsAt: later(11_001) }, AT)).toBe(false);
    expect(isGoingOnce({ ...live, standing: undefined }, AT)).toBe(false);
    expect(isGoingOnce({ ...live, endsAt: undefined }, AT)).toBe(false);
    expect(isGoingOnce({ ...live, state: "sold" }, AT)).toBe(false);
  });

  test("is that bids were lost, while bidding is paused and for ten minutes afterwards", () => {
    const paused = { pausedAt: AT, resumedAt: undefined, bids: 3 };
    const resumed = { ...paused, resumedAt: AT };
    const shown = (interruption: typeof paused | typeof resumed | undefined, ms: number) =>
      shownInterruption({ state: "live", interruption }, later(ms));
    expect(shown(paused, 24 * 60 * MINUTE_MS)).toBe(paused);
    expect(shown(resumed, 10 * MINUTE_MS)).toBe(resumed);
    expect(shown(resumed, 10 * MINUTE_MS + 1)).toBeUndefined();
    expect(shown(undefined, 0)).toBeUndefined();
    expect(shownInterruption({ state: "sold", interruption: paused }, AT)).toBeUndefined();
  });
});

test("each round of an auction has a separate order", () => {
  expect([auctionOrderId("7", 0), auctionOrderId("7", 1)]).toEqual(["auction-7-0", "auction-7-1"]);
});

test("a bar lasts for 90 days unless staff set another time", () => {
  expect(BAR_DAYS).toBe(90);
  expect(barEnd(AT)).toEqual(new Date("2027-01-30T20:00:00Z"));
  expect(barEnd(AT, 3)).toEqual(new Date("2026-11-04T20:00:00Z"));
});
