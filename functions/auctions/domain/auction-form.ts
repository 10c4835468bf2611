import { formatMoney, parseAmount } from "../../../shared/money/money.ts";
import { singleLine } from "../../../shared/text/text.ts";
import { MIN_PRICE } from "../../shop/domain/drop.ts";
import {
  type AuctionTerms,
  DEFAULT_COUNTER_BID_MS,
  MAX_AMOUNT,
  MAX_COUNTER_BID_MS,
  MAX_DURATION_MS,
  MIN_DURATION_MS,
} from "./auction.ts";

/** The options of `/c500 auction start` as they were typed. */
export type AuctionOptions = Readonly<Record<string, string | number | boolean | undefined>>;

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

/** The terms of an auction, or every problem with them in the words of the command. */
export function readAuctionTerms(
  options: AuctionOptions,
  builderId: string,
  currency: string,
): AuctionTerms | readonly string[] {
  const problems: string[] = [];
  const amount = (name: string, label: string): number | undefined => {
    const typed = options[name];
    if (typed === undefined) return undefined;
    const read = parseAmount(String(typed), currency);
    if (read === undefined || read < 1) problems.push(`${label}: write it like 50 or $49.50.`);
    else if (read > MAX_AMOUNT) problems.push(`${label}: that's more than I can take.`);
    else if (name === "price" && read < MIN_PRICE) {
      problems.push(`${label}: at least ${formatMoney(MIN_PRICE, currency)}.`);
    }
    return read;
  };
  const title = singleLine(String(options["title"] ?? ""));
  if (title === "") problems.push("title: write what it is.");
  const startPrice = amount("price", "price");
  const increment = amount("increment", "increment");
  const reserve = amount("reserve", "reserve");
  if (reserve !== undefined && startPrice !== undefined && reserve < startPrice) {
    problems.push("reserve: make it at least the price, or leave it out.");
  }
  const durationMs = parseDuration(String(options["duration"] ?? ""));
  if (durationMs === undefined) {
    problems.push("duration: write it like 90s, 5m, 2h or 3d.");
  } else if (durationMs < MIN_DURATION_MS || durationMs > MAX_DURATION_MS) {
    problems.push("duration: from 30 seconds to 7 days.");
  }
  const counterBid = options["counter_bid"];
  const counterBidMs =
    counterBid === undefined ? DEFAULT_COUNTER_BID_MS : Number(counterBid) * 1000;
  if (!(counterBidMs >= 0 && counterBidMs <= MAX_COUNTER_BID_MS)) {
    problems.push("counter_bid: from 0 to 120 seconds.");
  }
  if (problems.length > 0 || startPrice === undefined || durationMs === undefined) return problems;
  return {
    ...{ builderId, title, currency, startPrice, increment, durationMs, counterBidMs },
    reserve: reserve ?? 0,
    plan: options["payment"] === "held" ? "held" : "split",
  };
}
