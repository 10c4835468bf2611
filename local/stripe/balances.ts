import type { KeptState } from "../kit/kept-state.ts";
/** The platform's own balance, as an owner. */
export const PLATFORM = "platform";

/** Integer minor units by currency. */
export type Amounts = Record<string, number>;

/** What the platform and each connected account hold. All of it is available at once. */
export class Balances {
  #byOwner = new Map<string, Map<string, number>>();

  keepIn(state: KeptState): void {
    state.maps("stripe.balances", { owners: this.#byOwner });
  }

  of(owner: string, currency: string): number {
    return this.#byOwner.get(owner)?.get(currency) ?? 0;
  }

  all(owner: string): Amounts {
    return Object.fromEntries(this.#byOwner.get(owner) ?? []);
  }

  add(owner: string, currency: string, amount: number): void {
    const amounts = this.#byOwner.get(owner) ?? new Map<string, number>();
    amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
    this.#byOwner.set(owner, amounts);
  }

  move(from: string, to: string, currency: string, amount: number): void {
    this.add(from, currency, -amount);
    this.add(to, currency, amount);
  }
}
