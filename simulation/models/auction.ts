/** What is agreed before the first bid. Amounts in minor units, times in milliseconds. */
export interface Terms {
  readonly seller: string;
  readonly startPrice: number;
  readonly reserve: number;
  /** Every bid's least rise, where it is not the table's. */
  readonly increment: number | undefined;
  readonly counterBidMs: number;
  readonly endsAtMs: number;
  readonly latestEndMs: number;
}

/** What somebody wants to bid; `max` is 0 without a ceiling. */
export interface Wish {
  readonly bidder: string;
  readonly amount: number;
  readonly max: number;
  readonly isConfirmed: boolean;
}

/** How high somebody has gone; of equals the first leads. */
interface Commitment {
  readonly bidder: string;
  readonly highest: number;
  readonly order: number;
}

/** An auction at one moment. */
export interface Moment {
  /** Of the bid that it follows; 0 before the first. */
  readonly atMs: number;
  readonly price: number;
  readonly bids: number;
  readonly endsAtMs: number;
  readonly next: number;
  readonly ranked: readonly Commitment[];
  readonly lastBidMs: ReadonlyMap<string, number>;
}

/** From a price on, bids rise by so much; in whole units, as the guide for bidders says. */
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

/** The least that may be bid after a price. */
export function nextAfter(price: number, increment: number | undefined): number {
  const [, rise] = RISES.find(([from]) => price >= from * 100) ?? [0, 1];
  return price + (increment ?? rise * 100);
}

/** The rules of an auction in plain words, slow and obvious: what was accepted and refused must follow them. */
export class PlainAuction {
  terms: Terms;
  /** Before the first bid, and after each accepted one. */
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

  /** Bidding was paused and goes on: it ends then at the earliest. */
  prolong(endsAtMs: number): void {
    this.terms = { ...this.terms, latestEndMs: Math.max(this.terms.latestEndMs, endsAtMs) };
    const at = this.moments.length - 1;
    this.moments[at] = { ...this.now, endsAtMs: Math.max(this.now.endsAtMs, endsAtMs) };
  }

  /** Takes a bid that is not refused; gives what it came to. */
  accept(wish: Wish, atMs: number): "leading" | "outbid" | "ceiling-raised" {
    const { reserve, increment, counterBidMs, latestEndMs } = this.terms;
    const before = this.now;
    const highest = Math.max(wish.amount, wish.max);
    const lastBidMs = new Map(before.lastBidMs).set(wish.bidder, atMs);
    const [ahead] = before.ranked;
    const others = this.#commitments.filter(({ bidder }) => bidder !== wish.bidder);
    if (ahead?.bidder === wish.bidder) {
      this.#commitments = [...others, { ...ahead, highest }];
      const price = highest >= reserve ? Math.max(before.price, reserve) : before.price;
      const next = nextAfter(price, increment);
      this.moments.push({ ...before, price, next, atMs, lastBidMs, ranked: this.#ranked() });
      return "ceiling-raised";
    }
    const order = this.moments.length;
    this.#commitments = [...others, { bidder: wish.bidder, highest, order }];
    const ranked = this.#ranked();
    const [leader, second] = ranked;
    const isLeading = leader?.bidder === wish.bidder;
    const most = leader?.highest ?? 0;
    const fought = second ? Math.min(most, nextAfter(second.highest, increment)) : 0;
    let price = isLeading ? Math.max(wish.amount, before.next, fought) : fought;
    if (most >= reserve) price = Math.max(price, reserve);
    const isLate = before.endsAtMs - atMs < counterBidMs;
    const moved = Math.min(atMs + counterBidMs, latestEndMs);
    const endsAtMs = isLate ? Math.max(before.endsAtMs, moved) : before.endsAtMs;
    const next = nextAfter(price, increment);
    const bids = before.bids + 1;
    this.moments.push({ atMs, price, bids, endsAtMs, next, ranked, lastBidMs });
    return isLeading ? "leading" : "outbid";
  }

  #ranked(): Commitment[] {
    return this.#commitments.toSorted(
      (one, other) => other.highest - one.highest || one.order - other.order,
    );
  }
}

/** Why a bid would be refused at a moment, by what is bid alone; undefined where it is not. */
export function refusalOf(wish: Wish, moment: Moment, { seller }: Terms): string | undefined {
  const { bidder, amount, max, isConfirmed } = wish;
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
