import type { LocalClock } from "../kit/clock.ts";
import type { KeptState } from "../kit/kept-state.ts";
import type { Timers } from "../kit/timers.ts";

/** The platform's own balance, as an owner. */
export const PLATFORM = "platform";

/** Integer minor units by currency. */
export type Amounts = Record<string, number>;

/** A part of a balance that is not available yet; below zero where it is to be taken from such a part. */
interface Pending {
  readonly owner: string;
  readonly currency: string;
  readonly amount: number;
  readonly availableAtMs: number;
}

/** What balances need. */
export interface BalancesContext {
  readonly clock: Pick<LocalClock, "nowMs">;
  readonly timers: Timers;
  newId(prefix: string): string;
  /** More of a balance is available: money was moved there, or pending funds have settled. */
  onAvailable(owner: string, why: "moved" | "settled"): void;
}

/**
 * What the platform and each connected account hold, and what of it is available:
 * https://docs.stripe.com/connect/account-balances
 */
export class Balances {
  #byOwner = new Map<string, Map<string, number>>();
  #pending = new Map<string, Pending>();
  #context: BalancesContext;

  constructor(context: BalancesContext) {
    this.#context = context;
  }

  /** What is pending becomes available at its time. */
  keepIn(state: KeptState): void {
    state.maps("stripe.balances", { owners: this.#byOwner, pending: this.#pending });
    state.onResume(() => {
      for (const [id, part] of this.#pending) this.#wait(id, part);
    });
  }

  /** All that an owner holds, available or not. */
  of(owner: string, currency: string): number {
    return this.#byOwner.get(owner)?.get(currency) ?? 0;
  }

  /** What of it is not available yet. */
  pending(owner: string, currency: string): number {
    let sum = 0;
    for (const part of this.#pending.values()) {
      if (part.owner === owner && part.currency === currency) sum += part.amount;
    }
    return sum;
  }

  /** What can be refunded, transferred, reversed or paid out now. */
  available(owner: string, currency: string): number {
    return this.of(owner, currency) - this.pending(owner, currency);
  }

  all(owner: string): Amounts {
    return Object.fromEntries(this.#byOwner.get(owner) ?? []);
  }

  /** Adds to a balance, or takes from it: at once, or as a part that is available from a later time on. */
  add(owner: string, currency: string, amount: number, availableAtMs = 0): void {
    const amounts = this.#byOwner.get(owner) ?? new Map<string, number>();
    amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
    this.#byOwner.set(owner, amounts);
    const { clock, newId, onAvailable } = this.#context;
    if (availableAtMs > clock.nowMs()) {
      const [id, part] = [newId("part"), { owner, currency, amount, availableAtMs }];
      this.#pending.set(id, part);
      this.#wait(id, part);
    } else if (amount > 0) {
      onAvailable(owner, "moved");
    }
  }

  move(from: string, to: string, currency: string, amount: number, availableAtMs = 0): void {
    this.add(from, currency, -amount, availableAtMs);
    this.add(to, currency, amount, availableAtMs);
  }

  #wait(id: string, { owner, amount, availableAtMs }: Pending): void {
    const { clock, timers, onAvailable } = this.#context;
    timers.after(Math.max(0, availableAtMs - clock.nowMs()), () => {
      this.#pending.delete(id);
      if (amount > 0) onAvailable(owner, "settled");
    });
  }
}
