import { isDeepStrictEqual } from "node:util";
import type { LocalClock } from "../kit/clock.ts";
import type { KeptState } from "../kit/kept-state.ts";
import { StripeError } from "./stripe-error.ts";

/** https://docs.stripe.com/api/idempotent_requests */
const KEPT_MS = 24 * 60 * 60 * 1000;
const MAX_KEY_LENGTH = 255;

/** An answer, as it is given and given again. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: object;
}

/** What a key was first used with; it cannot be used with anything else. */
export interface KeyedCall {
  readonly path: string;
  readonly account: string | undefined;
  readonly parameters: unknown;
}

interface Entry {
  readonly call: KeyedCall;
  readonly startedAtMs: number;
  /** Undefined while the call is under way. */
  answer: StoredAnswer | undefined;
}

/** The answers of earlier calls by their idempotency keys, for 24 hours of the local clock. */
export class IdempotencyKeys {
  #clock: LocalClock;
  #entries = new Map<string, Entry>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /** A call that was under way when the process ended was not begun. */
  keepIn(state: KeptState): void {
    state.maps("stripe.keys", { entries: this.#entries });
    for (const [key, { answer }] of this.#entries) if (!answer) this.#entries.delete(key);
  }

  /**
   * The answer this key was given before, if it was; else the key is taken until `finish` or
   * `release`. Refuses a key that was used with another call, or whose call is still under way.
   */
  begin(key: string, call: KeyedCall): StoredAnswer | undefined {
    this.#prune();
    if (key.length > MAX_KEY_LENGTH) {
      throw new StripeError(`Idempotency keys can be at most ${MAX_KEY_LENGTH} characters long.`, {
        type: "idempotency_error",
        beforeExecution: true,
      });
    }
    const entry = this.#entries.get(key);
    if (!entry) {
      this.#entries.set(key, { call, startedAtMs: this.#clock.nowMs(), answer: undefined });
      return undefined;
    }
    if (!isDeepStrictEqual(entry.call, call)) {
      throw new StripeError(
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
        { type: "idempotency_error", beforeExecution: true },
      );
    }
    if (entry.answer) return entry.answer;
    throw new StripeError(
      `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
      {
        status: 409,
        type: "idempotency_error",
        code: "idempotency_key_in_use",
        beforeExecution: true,
      },
    );
  }

  /** Keeps the answer, whether it is a success or a refusal. */
  finish(key: string, answer: StoredAnswer): void {
    const entry = this.#entries.get(key);
    if (entry) entry.answer = answer;
  }

  /** Nothing was done: the key is free again. */
  release(key: string): void {
    this.#entries.delete(key);
  }

  #prune(): void {
    const oldestMs = this.#clock.nowMs() - KEPT_MS;
    for (const [key, { startedAtMs }] of this.#entries) {
      if (startedAtMs > oldestMs) return;
      this.#entries.delete(key);
    }
  }
}
