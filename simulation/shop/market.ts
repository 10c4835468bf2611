import type { Stage } from "../stage.ts";
import type { StoredOrder } from "./books.ts";

/** Who is at the shop, and what is sold. */
export interface Market {
  readonly builder: string;
  /** The builder's at Stripe. */
  readonly account: string;
  readonly drops: readonly string[];
  readonly buyers: readonly string[];
  /** What has left to the builder's bank, in cents. */
  paidOut: number;
  /** What has left to the platform's bank, less what it added from there, in cents. */
  platformPaidOut: number;
  /** What staff sent to the builder by hand, in cents. */
  sentByHand: number;
  /** What staff took back of transfers by hand, in cents. */
  readonly takenByHand: Map<string, number>;
  /** Charges of which a decided dispute came to something else later: those are for the staff. */
  readonly overturned: Set<string>;
  /** Those who have closed their DMs at some time. */
  readonly closedDms: Set<string>;
  /** Drops that were closed when they were last looked at: since when, and after which changes. */
  readonly closed: Map<string, { readonly atMs: number; readonly changes: string }>;
  /** Whether staff have deleted a post, or changed what the bot may do there. */
  isMarketplaceTouched: boolean;
  /** When the shop opened; orders are older only where the builder had many before. */
  readonly opensAt: Date;
  /** Those to whom Discord refuses our messages for good. */
  readonly unreachable: Set<string>;
  /** Presses of Buy Now that Discord has delivered. */
  readonly presses: BuyPress[];
  /** What each order was when it was last looked at. */
  readonly seen: Map<string, StoredOrder>;
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
