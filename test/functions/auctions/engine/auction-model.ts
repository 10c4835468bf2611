import {
  type Increment,
  MAX_CONSIDERED,
  nextAmount,
} from "../../../../functions/auctions/domain/auction.ts";
import type {
  Bid,
  BidDecision,
  BidOutcome,
} from "../../../../functions/auctions/engine/bids/bid.ts";
import type { RemoveOutcome } from "../../../../functions/auctions/engine/bids/remove.ts";
import type {
  CloseHow,
  CloseResult,
} from "../../../../functions/auctions/engine/lifecycle/close.ts";

/** The terms of a modelled auction. */
export interface ModelTerms {
  readonly sellerId: string;
  readonly startPrice: number;
  readonly reserve: number;
  readonly increments: readonly Increment[];
  readonly counterBidMs: number;
  readonly endsAtMs: number;
  readonly latestEndMs: number;
  readonly typoFloor: number;
}

interface Commitment {
  readonly bidderId: string;
  readonly highest: number;
  readonly order: number;
}

type Decision = Omit<BidDecision, "isBoardDue">;

/** The rules of an auction in plain TypeScript, slow and obvious, with which the scripts must agree. */
export class AuctionModel {
  terms: ModelTerms;
  status: "live" | "closed" | "cancelled" | "void" = "live";
  price = 0;
  bids = 0;
  endsAtMs: number;
  /** Price and end after each accepted bid, except raises of the leader's own ceiling. */
  readonly history: { price: number; endsAtMs: number }[] = [];
  #commitments: Commitment[] = [];
  #accepted = 0;
  #nowMs = 0;
  readonly #decided = new Map<string, Decision>();
  readonly #lastAcceptedMs = new Map<string, number>();

  constructor(terms: ModelTerms) {
    this.terms = terms;
    this.endsAtMs = terms.endsAtMs;
  }

  /** The highest commitment comes first; among equals, the earliest. */
  get ranked(): readonly Commitment[] {
    return this.#commitments.toSorted((a, b) => b.highest - a.highest || a.order - b.order);
  }

  get leader(): Commitment | undefined {
    return this.ranked[0];
  }

  get next(): number {
    return this.leader ? nextAmount(this.price, this.terms.increments) : this.terms.startPrice;
  }

  bid(bid: Bid, nowMs: number): Decision {
    const before = this.#decided.get(bid.id);
    if (before) return before;
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    const outcome = this.#refusal(bid) ?? this.#accept(bid);
    const decision = {
      outcome,
      price: this.price,
      leaderId: this.leader?.bidderId,
      nextAmount: this.next,
      endsAt: new Date(this.endsAtMs),
      bids: this.bids,
      sequence: this.#accepted,
      isReserveMet:
        this.terms.reserve === 0
          ? undefined
          : this.leader !== undefined && this.leader.highest >= this.terms.reserve,
    };
    this.#decided.set(bid.id, decision);
    return decision;
  }

  close(nowMs: number, how: CloseHow): CloseResult {
    if (this.status === "cancelled" || this.status === "void") return { outcome: this.status };
    const isBelowReserve = this.leader !== undefined && this.price < this.terms.reserve;
    const isEarly = how === "now" || (how === "sell" && isBelowReserve);
    if (this.status === "live") {
      const atMs = Math.max(nowMs, this.#nowMs);
      if (atMs < this.endsAtMs && !isEarly) {
        return { outcome: "open", endsAt: new Date(this.endsAtMs) };
      }
      this.endsAtMs = Math.min(this.endsAtMs, atMs);
      this.status = "closed";
    }
    if (how === "sell" && isBelowReserve) this.terms = { ...this.terms, reserve: 0 };
    const { reserve } = this.terms;
    const [leader, ...others] = this.ranked;
    const endsAt = new Date(this.endsAtMs);
    const numbers = { price: this.price, bids: this.bids, sequence: this.#accepted, endsAt };
    if (!leader || this.price < reserve) {
      return { outcome: "unsold", leaderId: leader?.bidderId, ...numbers };
    }
    const runnersUp = others
      .filter(({ highest }) => highest >= reserve)
      .slice(0, MAX_CONSIDERED)
      .map(({ bidderId, highest }) => ({ bidderId, amount: highest }));
    return { outcome: "sold", winnerId: leader.bidderId, ...numbers, runnersUp };
  }

  /** Moves the end, and with it the limit for counter-bids. Returns the new end, or why it cannot be moved. */
  extend(byMs: number, nowMs: number): Date | "closed" | "cancelled" | "void" {
    if (this.status !== "live") return this.status;
    if (Math.max(nowMs, this.#nowMs) >= this.endsAtMs) return "closed";
    this.endsAtMs += byMs;
    this.terms = { ...this.terms, latestEndMs: this.terms.latestEndMs + byMs };
    return new Date(this.endsAtMs);
  }

  /** Removes all bids of one bidder: the others are ranked by their highest commitment. */
  remove(bidderId: string, nowMs: number): RemoveOutcome {
    if (this.status !== "live") return this.status;
    if (Math.max(nowMs, this.#nowMs) >= this.endsAtMs) return "closed";
    const others = this.#commitments.filter((each) => each.bidderId !== bidderId);
    if (others.length === this.#commitments.length) return "none";
    this.#nowMs = Math.max(nowMs, this.#nowMs);
    this.#commitments = others;
    this.#accepted += 1;
    const { startPrice, increments, reserve } = this.terms;
    const [leader, second] = this.ranked;
    if (!leader) {
      this.price = 0;
      return "removed";
    }
    const due = second
      ? Math.min(leader.highest, nextAmount(second.highest, increments))
      : startPrice;
    this.price = Math.min(this.price, Math.max(due, startPrice));
    if (leader.highest >= reserve) this.price = Math.max(this.price, reserve);
    return "removed";
  }

  cancel() {
    if (this.status === "live") this.status = "cancelled";
    return this.status;
  }

  void() {
    if (this.status === "closed") this.status = "void";
    return this.status;
  }

  #refusal({ bidderId, amount, max = 0, isConfirmed }: Bid): BidOutcome | undefined {
    const isLeading = bidderId === this.leader?.bidderId;
    const lastMs = this.#lastAcceptedMs.get(bidderId) ?? Number.NEGATIVE_INFINITY;
    if (this.status !== "live") return this.status;
    if (this.#nowMs >= this.endsAtMs) return "closed";
    if (bidderId === this.terms.sellerId) return "own-auction";
    if (this.#nowMs - lastMs < 1000) return "too-fast";
    if (isLeading) {
      if (max <= (this.leader?.highest ?? 0)) return "already-leading";
      return this.#isUnusual(0, max) && !isConfirmed ? "unusual" : undefined;
    }
    if (Math.max(amount, max) < this.next) return "too-low";
    return this.#isUnusual(amount, max) && !isConfirmed ? "unusual" : undefined;
  }

  #isUnusual(amount: number, max: number): boolean {
    if (!this.leader) return false;
    const usual = Math.max(this.next, this.terms.typoFloor);
    return amount >= 3 * usual || max >= 20 * usual;
  }

  #accept({ bidderId, amount, max = 0 }: Bid): BidOutcome {
    const { increments, reserve, counterBidMs, latestEndMs } = this.terms;
    const before = this.leader;
    const highest = Math.max(amount, max);
    const least = this.next;
    this.#accepted += 1;
    this.#lastAcceptedMs.set(bidderId, this.#nowMs);
    const others = this.#commitments.filter((other) => other.bidderId !== bidderId);
    if (before?.bidderId === bidderId) {
      this.#commitments = [...others, { ...before, highest }];
      // As soon as a commitment reaches the reserve, the reserve is the price.
      if (highest >= reserve) this.price = Math.max(this.price, reserve);
      return "ceiling-raised";
    }
    this.#commitments = [...others, { bidderId, highest, order: this.#accepted }];
    this.bids += 1;
    const second = this.ranked[1];
    const isLeading = this.leader?.bidderId === bidderId;
    const wanted = second ? nextAmount(second.highest, increments) : 0;
    const price = Math.min(this.leader?.highest ?? 0, wanted);
    this.price = isLeading ? Math.max(amount, least, before ? price : 0) : price;
    if ((this.leader?.highest ?? 0) >= reserve) this.price = Math.max(this.price, reserve);
    if (this.endsAtMs - this.#nowMs < counterBidMs) {
      const moved = Math.min(this.#nowMs + counterBidMs, latestEndMs);
      this.endsAtMs = Math.max(this.endsAtMs, moved);
    }
    this.history.push({ price: this.price, endsAtMs: this.endsAtMs });
    return isLeading ? "leading" : "outbid";
  }
}
