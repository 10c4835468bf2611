import type { LocalClock } from "./clock.ts";

/** The services to which a fault can apply. */
export type FaultTarget =
  | "firestore"
  | "pubsub"
  | "tasks"
  | "upstash"
  | "discord"
  | "twitch"
  | "stripe"
  | "shops"
  | "secrets"
  | "project";

/**
 * What goes wrong with one call.
 * - `fail`: refused with `code` (an HTTP status, or a gRPC code for gRPC services); nothing is done.
 * - `drop`: the connection breaks before anything is done.
 * - `lose-answer`: it is done, then the connection breaks before the answer.
 * - `delay`: it is done `ms` later, by the local clock; a call is then struck by `next`, if that is given.
 * - `duplicate`: it is delivered `copies` times in all. Deliveries only.
 * - `reorder`: it is delivered after the next one. Deliveries only.
 */
export type Fault =
  | { readonly kind: "fail"; readonly code: number; readonly retryAfterMs?: number }
  | { readonly kind: "drop" }
  | { readonly kind: "lose-answer" }
  | { readonly kind: "delay"; readonly ms: number; readonly next?: Fault | undefined }
  | { readonly kind: "duplicate"; readonly copies: number }
  | { readonly kind: "reorder" };

/** One line of a plan: which calls it strikes, how often, and what it does to them. */
export interface FaultRule {
  readonly target: FaultTarget;
  /** Tested against the operation's name: "POST /channels/1/messages", "Commit", "deliver go-live". */
  readonly operation?: RegExp;
  readonly fault: Fault;
  /** Chance per matching call, from 0 to 1; 1 unless told. */
  readonly probability?: number;
  /** How many calls it strikes at the most; without end unless told. */
  readonly times?: number;
}

/** A seeded list of things that go wrong: the same seed and calls give the same faults. */
export class FaultPlan {
  #random: () => number;
  #rules: { rule: FaultRule; left: number }[] = [];

  constructor(seed = 1, rules: readonly FaultRule[] = []) {
    this.#random = seededRandom(seed);
    for (const rule of rules) this.add(rule);
  }

  add(rule: FaultRule): void {
    this.#rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
  }

  clear(): void {
    this.#rules = [];
  }

  /** Strikes a call: waits where it is delayed, and gives the fault that is left for it, if one is. */
  async apply(
    clock: Pick<LocalClock, "sleep">,
    target: FaultTarget,
    operation: string,
  ): Promise<Fault | undefined> {
    let fault = this.next(target, operation);
    while (fault?.kind === "delay") {
      await clock.sleep(fault.ms);
      fault = fault.next;
    }
    return fault;
  }

  /** The fault that strikes this call, if one does. Asking counts as a call. */
  next(target: FaultTarget, operation: string): Fault | undefined {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (rule.target !== target || entry.left <= 0) continue;
      if (rule.operation && !rule.operation.test(operation)) continue;
      if (this.#random() >= (rule.probability ?? 1)) continue;
      entry.left -= 1;
      return rule.fault;
    }
    return undefined;
  }
}

/** A small deterministic generator of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
