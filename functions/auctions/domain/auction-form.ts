import { formatMoney, parseAmount } from "../../../shared/money/money.ts";
import { singleLine } from "../../../shared/text/text.ts";
import { MIN_PRICE } from "../../shop/domain/drop.ts";
import type { PaymentPlan } from "../../shop/domain/order.ts";
import {
  type AuctionTerms,
  DEFAULT_COUNTER_BID_MS,
  MAX_AMOUNT,
  MAX_COUNTER_BID_MS,
  MAX_DURATION_MS,
  MIN_DURATION_MS,
} from "./auction.ts";

/** The options of `/c500 auction start` as they were typed. */
export interface AuctionOptions {
  readonly title: string;
  readonly price: string;
  readonly duration: string;
  readonly payment?: PaymentPlan | undefined;
  readonly increment?: string | undefined;
  readonly reserve?: string | undefined;
  readonly counter_bid?: number | undefined;
}

/** How an auction is paid where nothing is said. */
export const DEFAULT_PLAN: PaymentPlan = "split";

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 24 * 3_600_000,
};

/** Reads a duration such as "90s", "5m", "1h 30m" or "3d"; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const bare = text.trim().toLowerCase();
  if (!/^(?:\d{1,6}\s*[smhd]\s*)+$/.test(bare)) return undefined;
  let sumMs = 0;
  for (const [, count, unit = ""] of bare.matchAll(/(\d+)\s*([smhd])/g)) {
    sumMs += Number(count) * (UNITS_MS[unit] ?? 0);
  }
  return sumMs;
}

const UNIT_WORDS = [
  ["d", "day"],
  ["h", "hour"],
  ["m", "minute"],
  ["s", "second"],
] as const;

/** A duration of whole units in words: "30 seconds", "one day". */
export function durationInWords(ms: number): string {
  const [letter, word] = UNIT_WORDS.find(([unit]) => ms % (UNITS_MS[unit] ?? 1) === 0) ?? [
    "s",
    "second",
  ];
  const count = ms / (UNITS_MS[letter] ?? 1);
  return count === 1 ? `one ${word}` : `${count} ${word}s`;
}

/** The terms of an auction, or every problem with them in the words of the command. */
export function readAuctionTerms(
  options: AuctionOptions,
  builderId: string,
  currency: string,
): Omit<AuctionTerms, "shipping"> | readonly string[] {
  const problems: string[] = [];
  const amount = (name: "price" | "increment" | "reserve"): number | undefined => {
    const typed = options[name];
    if (typed === undefined) return undefined;
    const read = parseAmount(typed, currency);
    if (read === undefined || read < 1) {
      problems.push(`${name}: write it like 50 or ${formatMoney(4950, currency)}.`);
    } else if (read > MAX_AMOUNT) problems.push(`${name}: that's more than I can take.`);
    else if (name === "price" && read < MIN_PRICE) {
      problems.push(`${name}: at least ${formatMoney(MIN_PRICE, currency)}.`);
    }
    return read;
  };
  const title = singleLine(options.title);
  if (title === "") problems.push("title: write what it is.");
  const startPrice = amount("price");
  const increment = amount("increment");
  const reserve = amount("reserve");
  if (reserve !== undefined && startPrice !== undefined && reserve < startPrice) {
    problems.push("reserve: make it at least the price, or leave it out.");
  }
  const durationMs = parseDuration(options.duration);
  if (durationMs === undefined) {
    problems.push("duration: write it like 90s, 5m, 2h or 3d.");
  } else if (durationMs < MIN_DURATION_MS || durationMs > MAX_DURATION_MS) {
    problems.push(
      `duration: from ${durationInWords(MIN_DURATION_MS)} to ${durationInWords(MAX_DURATION_MS)}.`,
    );
  }
  const counterBid = options.counter_bid;
  const counterBidMs = counterBid === undefined ? DEFAULT_COUNTER_BID_MS : counterBid * 1000;
  if (!(counterBidMs >= 0 && counterBidMs <= MAX_COUNTER_BID_MS)) {
    problems.push(`counter_bid: from 0 to ${MAX_COUNTER_BID_MS / 1000} seconds.`);
  }
  if (problems.length > 0 || startPrice === undefined || durationMs === undefined) return problems;
  return {
    builderId,
    title,
    currency,
    startPrice,
    increment,
    durationMs,
    counterBidMs,
    reserve: reserve ?? 0,
    plan: options.payment ?? DEFAULT_PLAN,
  };
}
