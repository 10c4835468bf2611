/** One member of a sorted set with its score. */
export interface ScoredMember {
  readonly member: string;
  readonly score: number;
}

/** Members by score; equal scores in the order of the members' bytes. */
export class SortedSet {
  readonly #scores = new Map<string, number>();
  readonly #ordered: ScoredMember[] = [];

  get size(): number {
    return this.#scores.size;
  }

  score(member: string): number | undefined {
    return this.#scores.get(member);
  }

  set(member: string, score: number): void {
    const before = this.#scores.get(member);
    if (before === score) return;
    if (before !== undefined) this.#ordered.splice(this.#position({ member, score: before }), 1);
    this.#scores.set(member, score);
    this.#ordered.splice(this.#position({ member, score }), 0, { member, score });
  }

  delete(member: string): boolean {
    const score = this.#scores.get(member);
    if (score === undefined) return false;
    this.#ordered.splice(this.#position({ member, score }), 1);
    return this.#scores.delete(member);
  }

  /** The members in a half-open range of ranks. */
  slice(from: number, to: number): ScoredMember[] {
    return this.#ordered.slice(from, to);
  }

  /**
   * The number of members, from the lowest on, for which `belongs` is true. It must be true for a
   * prefix.
   */
  countWhile(belongs: (entry: ScoredMember) => boolean): number {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.#ordered[middle];
      if (entry && belongs(entry)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #position(wanted: ScoredMember): number {
    return this.countWhile(
      (entry) =>
        entry.score < wanted.score ||
        (entry.score === wanted.score && entry.member < wanted.member),
    );
  }
}
