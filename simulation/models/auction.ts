/** The terms of an auction. Amounts in minor units, times in milliseconds. */
export interface Terms {
  readonly seller: string;
  readonly startPrice: number;
  readonly reserve: number;
  /** The fixed minimum increment; without it the table applies. */
  readonly increment: number | undefined;
  readonly counterBidMs: number;
  readonly endsAtMs: number;
  readonly latestEndMs: number;
}

/** A requested bid; `max` is 0 without a ceiling. */
export interface BidRequest {
  readonly bidder: string;
  readonly amount: number;
  readonly max: number;
  readonly isConfirmed: boolean;
}

/** The most that a bidder has committed to; the first of equal commitments leads. */
interface Commitment {
  readonly bidder: string;
  readonly highest: number;
  readonly order: number;
}

/** The state of an auction. */
export interface Moment {
  /** The time of the bid that produced it; 0 before the first. */
  readonly atMs: number;
  readonly price: number;
  readonly bids: number;
  readonly endsAtMs: number;
  readonly next: number;
  readonly ranked: readonly Commitment[];
  readonly lastBidMs: ReadonlyMap<string, number>;
}

/** Increments by price, in whole units, as in the guide for bidders. */
const RISES = [
  [2000, 50],
  [1000, 20],
  [300, 10],
  [100, 5],
  [50, 3],
  [30, 2],
  [0, 1],
] as const;
const TYPO_FLOOR = 100_00;

/** The minimum bid after a price. */
export function nextAfter(price: number, increment: number | undefined): number {
  const [, rise] = RISES.find(([from]) => price >= from * 100) ?? [0, 1];
  return price + (increment ?? rise * 100);
}

/** The auction rules as a simple reference model: all acceptances and refusals must follow it. */
export class PlainAuction {
  terms: Terms;
  /** The states before the first bid and after each accepted one and each removal. */
  readonly moments: Moment[];
  #commitments: Commitment[] = [];

  constructor(terms: Terms) {
    this.terms = terms;
    const { startPrice: next, endsAtMs } = terms;
    const before = { atMs: 0, price: 0, bids: 0, next, endsAtMs };
    this.moments = [{ ...before, ranked: [], lastBidMs: new Map() }];
  }

  get now(): Moment {
    return this.moments.at(-1) as Moment;
  }

  /** Bidding was paused and continues; the auction ends no earlier than this. */
  prolong(endsAtMs: number): void {
    this.terms = { ...this.terms, latestEndMs: Math.max(this.terms.latestEndMs, endsAtMs) };
    const at = this.moments.length - 1;
    this.moments[at] = { ...this.now, endsAtMs: Math.max(this.now.endsAtMs, endsAtMs) };
  }

  /** Applies an accepted bid and returns its outcome. */
  accept(request: BidRequest, atMs: number): "leading" | "outbid" | "ceiling-raised" {
    const { reserve, increment, counterBidMs, latestEndMs } = this.terms;
    const before = this.now;
    const highest = Math.max(request.amount, request.max);
    const lastBidMs = new Map(before.lastBidMs).set(request.bidder, atMs);
    const [ahead] = before.ranked;
    const others = this.#commitments.filter(({ bidder }) => bidder !== request.bidder);
    if (ahead?.bidder === request.bidder) {
      this.#commitments = [...others, { ...ahead, highest }];
      const price = highest >= reserve ? Math.max(before.price, reserve) : before.price;
      const next = nextAfter(price, increment);
      this.moments.push({ ...before, price, next, atMs, lastBidMs, ranked: this.#ranked() });
      return "ceiling-raised";
    }
    const order = this.moments.length;
    this.#commitments = [...others, { bidder: request.bidder, highest, order }];
    const ranked = this.#ranked();
    const [leader, second] = ranked;
    const isLeading = leader?.bidder === request.bidder;
    const most = leader?.highest ?? 0;
    const fought = second ? Math.min(most, nextAfter(second.highest, increment)) : 0;
    let price = isLeading ? Math.max(request.amount, before.next, fought) : fought;
    if (most >= reserve) price = Math.max(price, reserve);
    const isLate = before.endsAtMs - atMs < counterBidMs;
    const moved = Math.min(atMs + counterBidMs, latestEndMs);
    const endsAtMs = isLate ? Math.max(before.endsAtMs, moved) : before.endsAtMs;
    const next = nextAfter(price, increment);
    const bids = before.bids + 1;
    this.moments.push({ atMs, price, bids, endsAtMs, next, ranked, lastBidMs });
    return isLeading ? "leading" : "outbid";
  }

  /** Takes all bids of one bidder out; whether there was one. The end stays. */
  remove(bidder: string, atMs: number): boolean {
    const { startPrice, reserve, increment } = this.terms;
    const before = this.now;
    const others = this.#commitments.filter((each) => each.bidder !== bidder);
    if (others.length === this.#commitments.length) return false;
    this.#commitments = others;
    const ranked = this.#ranked();
    const [leader, second] = ranked;
    if (!leader) {
      this.moments.push({ ...before, atMs, ranked, price: 0, next: startPrice });
      return true;
    }
    const due = second
      ? Math.min(leader.highest, nextAfter(second.highest, increment))
      : startPrice;
    const lowered = Math.min(before.price, Math.max(due, startPrice));
    const price = leader.highest >= reserve ? Math.max(lowered, reserve) : lowered;
    this.moments.push({ ...before, atMs, ranked, price, next: nextAfter(price, increment) });
    return true;
  }

  #ranked(): Commitment[] {
    return this.#commitments.toSorted(
      (one, other) => other.highest - one.highest || one.order - other.order,
    );
  }
}

/** Why a bid is refused in a state, judged only by the bid itself; undefined if it is not. */
export function refusalOf(
  request: BidRequest,
  moment: Moment,
  { seller }: Terms,
): string | undefined {
  const { bidder, amount, max, isConfirmed } = request;
  const [leader] = moment.ranked;
  if (bidder === seller) return "own-auction";
  const usual = Math.max(moment.next, TYPO_FLOOR);
  const isTypo = leader !== undefined && !isConfirmed;
  if (bidder === leader?.bidder) {
    if (max <= leader.highest) return "already-leading";
    return isTypo && max >= 20 * usual ? "unusual" : undefined;
  }
  if (Math.max(amount, max) < moment.next) return "too-low";
  return isTypo && (amount >= 3 * usual || max >= 20 * usual) ? "unusual" : undefined;
}
