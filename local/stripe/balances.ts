import type { LocalClock } from "../kit/clock.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import type { Timers } from "../kit/timers.ts";

/** Owner name of the platform's own balance. */
export const PLATFORM = "platform";

/** Integer minor units by currency. */
export type Amounts = Record<string, number>;

/** A part of a balance that is not available yet; negative when it reduces such a part. */
interface Pending extends PendingFunds {
  readonly owner: string;
  readonly currency: string;
}

/** How much becomes available when. */
export interface PendingFunds {
  readonly amount: number;
  readonly availableAtMs: number;
}

/** What `Balances` needs. */
export interface BalancesContext {
  readonly clock: Pick<LocalClock, "nowMs">;
  readonly timers: Timers;
  newId(prefix: string): string;
  /** A balance has more available funds: money was moved to it, or pending funds have settled. */
  onAvailable(owner: string, why: "moved" | "settled"): void;
}

/**
 * The total and available balances of the platform and each connected account:
 * https://docs.stripe.com/connect/account-balances
 */
export class Balances {
  #byOwner = new Map<string, Map<string, number>>();
  #pending = new Map<string, Pending>();
  #context: BalancesContext;
  #revision = 0;

  constructor(context: BalancesContext) {
    this.#context = context;
  }

  /** Stores balances in `state`. Pending funds keep their time of availability. */
  persistIn(state: PersistentState): void {
    state.maps("stripe.balances", { owners: this.#byOwner, pending: this.#pending });
    state.onResume(() => {
      for (const [id, part] of this.#pending) this.#wait(id, part);
    });
  }

  /** An owner's whole balance, pending funds included. */
  of(owner: string, currency: string): number {
    return this.#byOwner.get(owner)?.get(currency) ?? 0;
  }

  /** The part of it that is not available yet. */
  pending(owner: string, currency: string): number {
    let sum = 0;
    for (const part of this.#pending.values()) {
      if (part.owner === owner && part.currency === currency) sum += part.amount;
    }
    return sum;
  }

  /** What becomes available when, soonest first. */
  pendingParts(owner: string, currency: string): PendingFunds[] {
    const parts = [...this.#pending.values()];
    return parts
      .filter((part) => part.owner === owner && part.currency === currency)
      .map(({ amount, availableAtMs }) => ({ amount, availableAtMs }))
      .sort((one, other) => one.availableAtMs - other.availableAtMs);
  }

  /** Increases with every change of a balance. */
  get revision(): number {
    return this.#revision;
  }

  /** The amount that can be refunded, transferred, reversed or paid out now. */
  available(owner: string, currency: string): number {
    return this.of(owner, currency) - this.pending(owner, currency);
  }

  all(owner: string): Amounts {
    return Object.fromEntries(this.#byOwner.get(owner) ?? []);
  }

  /**
   * Adds a positive or negative amount to a balance: available immediately, or from a later time
   * on.
   */
  add(owner: string, currency: string, amount: number, availableAtMs = 0): void {
    const amounts = this.#byOwner.get(owner) ?? new Map<string, number>();
    amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
    this.#byOwner.set(owner, amounts);
    this.#revision += 1;
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

  #wait(id: string, { owner, currency, amount, availableAtMs }: Pending): void {
    const { clock, timers, onAvailable } = this.#context;
    const settle = () => {
      this.#pending.delete(id);
      this.#revision += 1;
      if (amount > 0) onAvailable(owner, "settled");
    };
    timers.after(Math.max(0, availableAtMs - clock.nowMs()), settle, () => ({
      service: "Stripe",
      what: "makes pending funds available",
      about: `${(amount / 100).toFixed(2)} ${currency} of ${owner}`,
    }));
  }
}
