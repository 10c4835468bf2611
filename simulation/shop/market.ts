import type { Stage } from "../stage.ts";

/** Who is at the shop, and what is sold. */
export interface Market {
  readonly builder: string;
  /** The builder's at Stripe. */
  readonly account: string;
  readonly drops: readonly string[];
  readonly buyers: readonly string[];
  /** What has left to the builder's bank, in cents. */
  paidOut: number;
  /** Those to whom Discord refuses our messages for good. */
  readonly unreachable: Set<string>;
  /** Presses of Buy Now that Discord has delivered. */
  readonly presses: BuyPress[];
  /** What each order was when it was last looked at. */
  readonly seen: Map<string, string>;
}

/** Somebody has pressed Buy Now. */
export interface BuyPress {
  /** The interaction's id. */
  readonly id: string;
  readonly buyer: string;
  readonly dropId: string;
  /** Orders that were over before. */
  readonly over: ReadonlySet<string>;
}

/** The market that the scenario has prepared. */
export function marketOf({ memory }: Stage): Market {
  return memory.get("market") as Market;
}
