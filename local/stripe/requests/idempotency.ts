import { isDeepStrictEqual } from "node:util";
import type { LocalClock } from "../../kit/clock.ts";
import type { PersistentState } from "../../kit/persistent-state.ts";
import { StripeError } from "./stripe-error.ts";

/** https://docs.stripe.com/api/idempotent_requests */
const RETENTION_MS = 24 * 60 * 60 * 1000;
const MAX_KEY_LENGTH = 255;

/** A response, stored to be repeated. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: object;
}

/** The call a key was first used with; reuse with another call is refused. */
export interface KeyedCall {
  readonly path: string;
  readonly account: string | undefined;
  readonly parameters: unknown;
}

interface Entry {
  readonly call: KeyedCall;
  readonly startedAtMs: number;
  /** Undefined while the call is in progress. */
  answer: StoredAnswer | undefined;
}

/** Responses by idempotency key, stored for 24 hours of the local clock. */
export class IdempotencyKeys {
  #clock: LocalClock;
  #entries = new Map<string, Entry>();

  constructor(clock: LocalClock) {
    this.#clock = clock;
  }

  /**
   * Stores finished calls in `state`. A call in progress when the process ended counts as never
   * begun.
   */
  persistIn(state: PersistentState): void {
    state.maps("stripe.keys", { entries: this.#entries });
    for (const [key, { answer }] of this.#entries) if (!answer) this.#entries.delete(key);
  }

  /**
   * The stored response of an earlier call with this key. Without one, reserves the key until
   * `finish` or `release`. Throws when the key was used with another call or its call is in
   * progress.
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

  /** Stores the response, whether success or error. */
  finish(key: string, answer: StoredAnswer): void {
    const entry = this.#entries.get(key);
    if (entry) entry.answer = answer;
  }

  /** Frees the key of a call that did nothing. */
  release(key: string): void {
    this.#entries.delete(key);
  }

  #prune(): void {
    const oldestMs = this.#clock.nowMs() - RETENTION_MS;
    for (const [key, { startedAtMs }] of this.#entries) {
      if (startedAtMs > oldestMs) return;
      this.#entries.delete(key);
    }
  }
}
