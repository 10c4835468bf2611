import type { Router } from "express";
import type { LocalClock } from "../kit/clock.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import type { Courier } from "./courier.ts";

/** What a simulated shop is given. */
export interface ShopContext {
  readonly clock: LocalClock;
  readonly courier: Courier;
  /** Where its webhooks go. */
  readonly url: string;
  /** The settings that it shares with the functions, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** The state that an earlier run left and a later one continues. */
  readonly state: PersistentState | undefined;
}

/** What someone buys, once. */
export interface ShopPurchase {
  readonly item: string;
  /** Minor units. */
  readonly amount: number;
  /** US dollars by default. */
  readonly currency?: string | undefined;
  /** The lobby that the buyer names. */
  readonly lobby?: string | undefined;
}

/** How a provider is simulated. */
export interface ShopSimulator<Shop> {
  /**
   * Values of the settings that it shares with the functions, where none are given. `derive` makes a secret for a
   * purpose without drawing anything, so that the runs of recorded seeds stay the same.
   */
  makeSettings(derive: (purpose: string) => string): Readonly<Record<string, string>>;
  open(context: ShopContext): Shop;
  /**
   * Someone buys one thing; returns the sale's number in the shop. `more` has other fields of the shop's own sale, where
   * a program names them.
   */
  sell(shop: Shop, purchase: ShopPurchase, more?: object): string;
  /** Refunds a whole sale; left out where the provider reports no refunds. */
  refund?(shop: Shop, saleNumber: string): void;
  /** Lets a program outside do what buyers and the shop's owner do. Throws for what is impossible. */
  control(router: Router, shop: Shop): void;
  /** What `control` takes, below the provider's name, for people. */
  readonly routes: readonly string[];
  /** What the simulator does, and what it is known to do differently, for people. */
  readonly docs: { readonly does: string; readonly differs: string };
}
