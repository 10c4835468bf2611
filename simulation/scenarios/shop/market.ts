import type { Stage } from "../../stage.ts";
import type { StoredOrder } from "./checks/books.ts";

/** The people and the goods of the shop. */
export interface Market {
  readonly builder: string;
  /** The builder's Stripe account. */
  readonly account: string;
  readonly drops: readonly string[];
  /** Drafts: they join `drops` when they open. */
  readonly drafts: Set<string>;
  readonly buyers: readonly string[];
  /** What was paid out to the builder's bank, in cents. */
  paidOut: number;
  /** What was paid out to the platform's bank, less top-ups, in cents. */
  platformPaidOut: number;
  /** What staff transferred to the builder manually, in cents. */
  sentByHand: number;
  /** What staff reversed of transfers manually, in cents. */
  readonly takenByHand: Map<string, number>;
  /** Charges whose dispute outcome changed after the decision; staff settle those. */
  readonly overturned: Set<string>;
  /** Users who had closed DMs at some time. */
  readonly closedDms: Set<string>;
  /** Drops that were closed at the last check: since when, and their changes at that time. */
  readonly closed: Map<string, { readonly atMs: number; readonly changes: string }>;
  /** Whether staff have deleted a post or changed the bot's permissions there. */
  isMarketplaceTouched: boolean;
  /** When the shop opened; earlier orders exist only when the builder had many before. */
  readonly opensAt: Date;
  /** Users to whom Discord permanently refuses messages. */
  readonly unreachable: Set<string>;
  /** Presses of Notify me that Discord delivered, by the person and the drop's title at the time. */
  readonly joined: { readonly buyer: string; readonly dropId: string }[];
  /** Presses of Buy Now that Discord delivered. */
  readonly presses: BuyPress[];
  /** Commands that sent a parcel or gave it another number. */
  readonly shipments: Shipment[];
  /** Each order's state at the last check. */
  readonly seen: Map<string, StoredOrder>;
}

/** A command that sends a parcel, or a line of the desk that does. */
export interface Shipment {
  /** The interaction's id; of a line at the desk the smallest that it may have had. */
  readonly id: string;
  /** Of a line at the desk the greatest that it may have had. */
  readonly toId?: string;
  /** The parcel or order that it names. */
  readonly named: string;
  /** As typed. */
  readonly tracking: string | undefined;
  /** Of a line at the desk: whether the page said that it is done; undefined while nobody knows. */
  readonly isDone?: boolean | undefined;
  /** Of a line in Discord: which one. */
  readonly line?: number;
}

/** A press of Buy Now. */
export interface BuyPress {
  /** The interaction's id. */
  readonly id: string;
  readonly buyer: string;
  readonly dropId: string;
  /** Orders that were already over. */
  readonly over: ReadonlySet<string>;
}

/** The market that the scenario prepared. */
export function marketOf({ memory }: Stage): Market {
  return memory.get("market") as Market;
}
