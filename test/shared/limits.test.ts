import { describe, expect, test } from "@jest/globals";
import * as auction from "../../functions/auctions/domain/auction.ts";
import * as bar from "../../functions/auctions/domain/bidding-bar.ts";
import { MAX_ORDERS_PER_COMMAND } from "../../functions/going-live/domain/live-context.ts";
import { MAX_REASON_LENGTH, UNREGISTERED } from "../../functions/members/domain/standing.ts";
import { fundsDeadline, isFundsTryRecent } from "../../functions/races/domain/payout.ts";
import * as race from "../../functions/races/domain/race.ts";
import * as drop from "../../functions/shop/domain/drop.ts";
import {
  DROP_ALERT_INTERVAL_MS,
  limits,
  MAX_OPEN_RESERVATIONS,
} from "../../shared/limits/limits.ts";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

describe("in a sliding window a person may have", () => {
  test.each([
    ["reservations", 20, HOUR_MS, "refuse"],
    ["announcements", 12, DAY_MS, "allow"],
    ["goLives", 60, HOUR_MS, "allow"],
    ["registrations", 10, HOUR_MS, "allow"],
    ["myData", 3, HOUR_MS, "allow"],
    ["dropForms", 120, HOUR_MS, "allow"],
    ["drops", 60, HOUR_MS, "allow"],
    ["dropEdits", 60, HOUR_MS, "allow"],
    ["waits", 60, HOUR_MS, "allow"],
    ["refunds", 60, HOUR_MS, "allow"],
    ["requests", 20, HOUR_MS, "allow"],
    ["auctions", 60, HOUR_MS, "allow"],
    ["boards", 60, HOUR_MS, "allow"],
    ["lobbies", 20, HOUR_MS, "allow"],
    ["seats", 30, 10 * MINUTE_MS, "allow"],
  ] as const)(
    "of %s at most %i within %i ms; without Redis we %s",
    (name, most, windowMs, withoutRedis) => {
      expect(limits[name]).toMatchObject({ most, windowMs, withoutRedis });
    },
  );

  test("nothing else that is counted", () => {
    expect(Object.keys(limits)).toHaveLength(15);
  });
});

describe("nobody exceeds", () => {
  test("five open reservations, and ten minutes lie between two drop alerts", () => {
    expect(MAX_OPEN_RESERVATIONS).toBe(5);
    expect(DROP_ALERT_INTERVAL_MS).toBe(10 * MINUTE_MS);
  });

  test("the terms of a drop", () => {
    expect(drop).toMatchObject({
      MAX_STOCK: 400,
      DEFAULT_LIMIT_PER_BUYER: 1,
      MAX_LIMIT_PER_BUYER: 20,
      MAX_TITLE_LENGTH: 100,
      MAX_DESCRIPTION_LENGTH: 1500,
      MIN_PRICE: 50,
      MAX_PRICE: 10_000_000,
    });
  });

  test("the terms of an auction", () => {
    expect(auction).toMatchObject({
      MIN_DURATION_MS: 30 * SECOND_MS,
      MAX_DURATION_MS: 7 * DAY_MS,
      DEFAULT_COUNTER_BID_MS: 10 * SECOND_MS,
      MAX_COUNTER_BID_MS: 2 * MINUTE_MS,
      MIN_EXTENSION_BY_MS: 10 * SECOND_MS,
      MAX_EXTENSION_BY_MS: DAY_MS,
      MAX_EXTENSION_MS: 10 * MINUTE_MS,
      MAX_AMOUNT: 10_000_000,
      GOING_ONCE_MS: 10 * SECOND_MS,
      MAX_OFFERS: 3,
      MAX_CONSIDERED: 20,
      COUNTED_MS: 90 * DAY_MS,
    });
    expect(bar).toMatchObject({ BAR_DAYS: 90, MAX_BAR_DAYS: 365, MOST_UNPAID: 2 });
  });

  test("the terms of a race", () => {
    expect(race).toMatchObject({
      MIN_SEATS: 1,
      MAX_SEATS: 8,
      MAX_WAITING: 50,
      MAX_INTERVALS_EACH: 12,
      MAX_INTERVALS: 1000,
      WINDOW_MS: HOUR_MS,
      MAX_WINDOW_MS: DAY_MS,
      WARNING_MS: 10 * MINUTE_MS,
      MAX_OPEN_MS: DAY_MS,
    });
  });

  test("25 orders of one command, and 300 characters of a reason", () => {
    expect([MAX_ORDERS_PER_COMMAND, MAX_REASON_LENGTH]).toEqual([25, 300]);
    expect(UNREGISTERED.version).toBe(0);
  });
});

test("a payout waits for funds for three days, and is tried again hourly", () => {
  const createdAt = new Date("2026-11-01T20:00:00Z");
  expect(fundsDeadline({ createdAt })).toEqual(new Date(createdAt.getTime() + 3 * DAY_MS));
  const isRecentAfter = (ms: number) =>
    isFundsTryRecent({ fundsTriedAt: createdAt }, new Date(createdAt.getTime() + ms));
  expect([0, HOUR_MS - 1, HOUR_MS].map(isRecentAfter)).toEqual([true, true, false]);
  expect(isFundsTryRecent({ fundsTriedAt: undefined }, createdAt)).toBe(false);
});
