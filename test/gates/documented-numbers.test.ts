import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import {
  DEFAULT_COUNTER_BID_MS,
  MAX_EXTENSION_MS,
  MAX_OFFERS,
} from "../../functions/auctions/domain/auction.ts";
import { BAR_DAYS } from "../../functions/auctions/domain/bidding-bar.ts";
import { CANCEL_ANSWER_MS } from "../../functions/fulfilment/domain/cancellation.ts";
import { MAX_ORDERS_PER_COMMAND } from "../../functions/going-live/domain/live-context.ts";
import { MIN_RACERS_OF_UNNAMED_SALES } from "../../functions/races/domain/commission.ts";
import { FUNDS_WAIT_MS } from "../../functions/races/domain/payout.ts";
import { WARNING_MS } from "../../functions/races/domain/race.ts";
import {
  ARRIVED_DAYS,
  CASE_ANSWER_DAYS,
  CASE_PICTURE_DAYS,
  CASE_PICTURES,
  CASE_REMINDERS,
} from "../../functions/shipping/domain/case.ts";
import {
  ARRIVAL_DAYS,
  ARRIVAL_QUESTION_DAYS,
  DAY_MS,
  LATE_DAYS,
  MAX_WAIT_DAYS,
  REMINDER_MS,
} from "../../functions/shipping/domain/parcel.ts";
import { MAX_PER_ORDER, MAX_PICTURES } from "../../functions/shop/domain/drop.ts";
import { MAX_DAYS_AHEAD } from "../../functions/shop/domain/opening-time.ts";
import { HELD_DAYS } from "../../functions/shop/domain/order.ts";

const MINUTE_MS = 60_000;
const SMALL = "no one two three four five six seven eight nine ten".split(" ");

/** A number as prose writes it: "ten", "12". */
const inWords = (count: number) => SMALL[count] ?? String(count);

/** What the pages say, with the numbers that the code uses. */
const SAID: readonly (readonly [page: string, said: string])[] = [
  ["auctions", `${DEFAULT_COUNTER_BID_MS / 1000} seconds by default`],
  ["auctions", `add up to ${inWords(MAX_EXTENSION_MS / MINUTE_MS)} minutes`],
  ["auctions", `to ${inWords(MAX_OFFERS)} at most`],
  ["auctions", `within ${BAR_DAYS} days`],
  ["going-live", `up to ${MAX_ORDERS_PER_COMMAND} orders`],
  ["races", `warned ${inWords(WARNING_MS / MINUTE_MS)} minutes before`],
  ["races", `at least ${inWords(MIN_RACERS_OF_UNNAMED_SALES)} people race`],
  ["races", `every hour, for ${inWords(FUNDS_WAIT_MS / DAY_MS)} days`],
  ["shipping", `After ${ARRIVAL_QUESTION_DAYS} days the buyer is asked`],
  ["shipping", `after ${ARRIVAL_DAYS} it counts as arrived`],
  ["shipping", `reminded ${inWords(REMINDER_MS / DAY_MS)} days before`],
  ["shipping", `${inWords(CANCEL_ANSWER_MS / DAY_MS)} days without an answer`],
  ["shipping", `late from ${inWords(LATE_DAYS)} days after`],
  ["shipping", `at most ${MAX_WAIT_DAYS} days from now`],
  ["shipping", `up to ${inWords(CASE_PICTURES)} pictures`],
  ["shipping", `for ${ARRIVED_DAYS} days after the parcel arrived`],
  ["shipping", `after ${inWords(CASE_ANSWER_DAYS)} days without an answer the team decides`],
  ["shipping", `${inWords(CASE_REMINDERS)} times at most`],
  ["shipping", `${CASE_PICTURE_DAYS} days after the case is over`],
  ["shop", `within ${HELD_DAYS} days`],
  ["shop", `up to ${inWords(MAX_PER_ORDER)}`],
  ["shop", `up to ${inWords(MAX_PICTURES)} pictures`],
  ["shop", `at most ${MAX_DAYS_AHEAD} days ahead`],
];

/** Whether a page says something, wherever its lines break. */
function says(page: string, said: string): boolean {
  return page.replaceAll(/\s+/g, " ").includes(said);
}

describe("the features' pages name the numbers that the code uses", () => {
  test.each(SAID)("%s: %s", (page, said) => {
    expect(says(readFileSync(`docs/features/${page}.md`, "utf8"), said)).toBe(true);
  });

  test("and another number is found", () => {
    expect(says("It is 10 seconds\nby default.", "10 seconds by default")).toBe(true);
    expect(says("It is 10 seconds\nby default.", "15 seconds by default")).toBe(false);
  });
});
