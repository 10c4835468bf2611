import { type Auction, isReserveMet } from "../../../../functions/auctions/domain/auction.ts";
import { formatMoney } from "../../../../shared/money/money.ts";

/** An auction's phase; `ending` if its time is over and the hammer has not fallen. */
export function phaseOf({ state, endsAt, isSettling }: Auction, now: Date): string {
  if (state === "live") return endsAt && endsAt <= now ? "ending" : "open";
  return isSettling ? "settling" : state;
}

/** Its price, or its starting price. */
export function priceOf({ standing, startPrice, currency }: Auction): string {
  if (!standing) return `from ${formatMoney(startPrice, currency)}`;
  return formatMoney(standing.price, currency);
}

/** Its result, in words. */
export function resultOf(auction: Auction): string {
  const { state, standing, reserve } = auction;
  if (state === "sold") return `sold to ${standing?.leaderId} for ${priceOf(auction)}`;
  if (state !== "unsold") return state;
  return standing && reserve > 0 && !isReserveMet(auction)
    ? `unsold, its reserve not met`
    : "unsold, without a bid";
}

const STEPS = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
] as const;

/** How far away a moment is: "in 3 min", "5 s ago". */
export function fromNow(time: Date, now: Date): string {
  const seconds = Math.round((time.getTime() - now.getTime()) / 1000);
  const far = Math.abs(seconds);
  const [unit, length] = STEPS.find(([, least]) => far >= least) ?? (["s", 1] as const);
  const span = `${Math.floor(far / length)} ${unit}`;
  return seconds < 0 ? `${span} ago` : `in ${span}`;
}
