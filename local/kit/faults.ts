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
 * A fault of one call.
 * - `fail`: the call is refused with `code` (an HTTP status, or a gRPC code for gRPC services) and
 *   has no effect.
 * - `drop`: the connection breaks before the call has any effect.
 * - `lose-answer`: the call takes effect, then the connection breaks before the response.
 * - `delay`: the call is executed `ms` later, by the local clock; then the fault `next` applies, if
 *   given.
 * - `duplicate`: the delivery arrives `copies` times in total. Deliveries only.
 * - `reorder`: the delivery arrives after the next one. Deliveries only.
 */
export type Fault =
  | { readonly kind: "fail"; readonly code: number; readonly retryAfterMs?: number }
  | { readonly kind: "drop" }
  | { readonly kind: "lose-answer" }
  | { readonly kind: "delay"; readonly ms: number; readonly next?: Fault | undefined }
  | { readonly kind: "duplicate"; readonly copies: number }
  | { readonly kind: "reorder" };

/** A rule of a plan: which calls it matches, how often it applies, and the fault. */
export interface FaultRule {
  readonly target: FaultTarget;
  /** Tested against the operation's name: "POST /channels/1/messages", "Commit", "deliver go-live". */
  readonly operation?: RegExp;
  readonly fault: Fault;
  /** Probability per matching call, from 0 to 1; 1 by default. */
  readonly probability?: number;
  /** The maximum number of faults; unlimited by default. */
  readonly times?: number;
}

/** A rule in force, and how many faults it has caused. */
export interface PlannedRule {
  readonly id: number;
  readonly rule: FaultRule;
  readonly applied: number;
}

/** A seeded plan of faults: the same seed and calls produce the same faults. */
export class FaultPlan {
  #random: () => number;
  #rules: { id: number; rule: FaultRule; applied: number }[] = [];
  #lastId = 0;
  #version = 0;

  constructor(seed = 1, rules: readonly FaultRule[] = []) {
    this.#random = seededRandom(seed);
    for (const rule of rules) this.add(rule);
  }

  /** Adds a rule and returns its id. */
  add(rule: FaultRule): number {
    const id = ++this.#lastId;
    this.#rules.push({ id, rule, applied: 0 });
    this.#version += 1;
    return id;
  }

  clear(): void {
    this.#rules = [];
    this.#version += 1;
  }

  /** Removes one rule; does nothing if it is gone already. */
  remove(id: number): void {
    this.#rules = this.#rules.filter((entry) => entry.id !== id);
    this.#version += 1;
  }

  /** The rules that can still cause faults, oldest first. */
  rules(): PlannedRule[] {
    return this.#rules.filter(isLeft).map((entry) => ({ ...entry }));
  }

  /** Changes whenever `rules` does. */
  get version(): number {
    return this.#version;
  }

  /**
   * Applies the plan to a call: waits if it is delayed, and returns the remaining fault, if any.
   */
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

  /** Returns the fault of this call, if any. Every query counts as a call. */
  next(target: FaultTarget, operation: string): Fault | undefined {
    for (const entry of this.#rules) {
      const { rule } = entry;
      if (rule.target !== target || !isLeft(entry)) continue;
      if (rule.operation && !rule.operation.test(operation)) continue;
      if (this.#random() >= (rule.probability ?? 1)) continue;
      entry.applied += 1;
      this.#version += 1;
      return rule.fault;
    }
    return undefined;
  }
}

function isLeft({ rule, applied }: Pick<PlannedRule, "rule" | "applied">): boolean {
  return applied < (rule.times ?? Number.POSITIVE_INFINITY);
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
