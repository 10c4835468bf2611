import type { Bid, BidDecision, BidOutcome } from "../../shared/auction/bid.ts";
import type { CloseResult } from "../../shared/auction/close.ts";
import { type Increment, MAX_CONSIDERED, nextAmount } from "../../shared/domain/auction.ts";

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

/** The rules of an auction in plain TypeScript, slow and obvious: what the scripts must agree with. */
export class AuctionModel {
  readonly terms: ModelTerms;
  status: "live" | "closed" | "cancelled" | "void" = "live";
  price = 0;
  bids = 0;
  endsAtMs: number;
  /** Price and end after each accepted bid that was no raise of one's own ceiling. */
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

  /** Whoever went highest leads, of equals the first. */
  get leader(): Commitment | undefined {
    return this.#ranked()[0];
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
    };
    this.#decided.set(bid.id, decision);
    return decision;
  }

  close(nowMs: number): CloseResult {
    const { reserve } = this.terms;
    if (this.status === "cancelled" || this.status === "void") return { outcome: this.status };
    if (this.status === "live") {
      if (Math.max(nowMs, this.#nowMs) < this.endsAtMs) {
        return { outcome: "open", endsAt: new Date(this.endsAtMs) };
      }
      this.status = "closed";
      if ((this.leader?.highest ?? 0) >= reserve && this.leader) {
        this.price = Math.max(this.price, reserve);
      }
    }
    const [leader, ...others] = this.#ranked();
    const numbers = { price: this.price, bids: this.bids, sequence: this.#accepted };
    if (!leader || this.price < reserve) {
      return { outcome: "unsold", leaderId: leader?.bidderId, ...numbers };
    }
    const runnersUp = others
      .filter(({ highest }) => highest >= reserve)
      .slice(0, MAX_CONSIDERED)
      .map(({ bidderId, highest }) => ({ bidderId, amount: highest }));
    return { outcome: "sold", winnerId: leader.bidderId, ...numbers, runnersUp };
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
      return "ceiling-raised";
    }
    this.#commitments = [...others, { bidderId, highest, order: this.#accepted }];
    this.bids += 1;
    const second = this.#ranked()[1];
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

  #ranked(): Commitment[] {
    return this.#commitments.toSorted((a, b) => b.highest - a.highest || a.order - b.order);
  }
}
