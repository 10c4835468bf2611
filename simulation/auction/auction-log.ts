import { MAX_FAR_OFF_MS, MAX_SKEW_MS } from "../faults-drawn.ts";
import type { PlainAuction } from "../models/auction.ts";
import type { Stage } from "../stage.ts";
import type { StoredAuction } from "./books.ts";

/** A bid as somebody made it, and what they were answered at once. Amounts in minor units. */
export interface PlacedBid {
  /** The interaction's id, which names the bid. */
  readonly id: string;
  readonly channelId: string;
  /** Undefined where only the channel was named. */
  readonly auctionId: string | undefined;
  readonly bidder: string;
  readonly amount: number;
  readonly max: number;
  readonly isConfirmed: boolean;
  readonly sentAtMs: number;
  readonly heardAtMs: number;
  /** Empty where there was no answer. */
  readonly answer: string;
}

/** Something that Redis lost. */
export interface Loss {
  readonly atMs: number;
  /** Undefined where it was more than one. */
  readonly key: string | undefined;
  /** Whether some keys lost their last writes and others did not. */
  readonly isUneven?: boolean;
}

/** A time in which Redis answered nothing, or its answers were lost. */
export interface Silence {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Something that the builder had done with an auction, by its interaction. */
export interface ControlUse {
  readonly word: string;
  readonly auctionId: string;
  readonly interactionId: string;
  readonly heardAtMs: number;
}

/** Somebody's press of a button for a turn to buy. */
export interface ClaimPress {
  readonly user: string;
  readonly customId: string;
  /** The interaction's id; undefined until Discord has an answer to it. */
  id: string | undefined;
}

/** Whether a loss can cost accepted bids. The loss of a list of bidders, a channel, a bar or a lock cannot. */
export function losesBids({ key }: Loss): boolean {
  return key === undefined || /^auction(?:-bids)?:/.test(key);
}

/** What a board showed from some moment on. Amounts in minor units. */
export interface Shown {
  readonly atMs: number;
  readonly auctionId: string;
  readonly messageId: string;
  readonly price: number;
  readonly leader: string | undefined;
  readonly bids: number;
  readonly description: string;
}

/** What each step has seen of an auction. */
export interface SeenAuction {
  readonly state: string;
  /** The last time it was seen live. */
  readonly liveAtMs: number;
  readonly price: number | undefined;
  readonly leader: string | undefined;
  /** Each recorded bid as JSON, by its sequence number. */
  readonly record: readonly string[];
}

/** An auction with the plain rules' view of its record. */
export interface Replayed {
  readonly auction: StoredAuction;
  readonly plain: PlainAuction;
  /** How much Redis had lost by then. */
  readonly losses: number;
}

/** Who is at the auctions, and what has happened there. */
export interface AuctionLog {
  readonly builder: string;
  /** The builder's at Stripe. */
  readonly account: string;
  readonly bidders: readonly string[];
  /** The one of them who takes no DMs. */
  readonly silent: string;
  /** People who come for the bidding wars. */
  readonly crowd: readonly string[];
  readonly channels: readonly string[];
  readonly bids: PlacedBid[];
  readonly losses: Loss[];
  readonly silences: Silence[];
  readonly controlUses: ControlUse[];
  readonly claimPresses: ClaimPress[];
  readonly shown: Shown[];
  /** When each bid came into the record, by its document's path. */
  readonly recordedAtMs: Map<string, number>;
  readonly seen: Map<string, SeenAuction>;
  /** Each auction as the last step found it, by its id. */
  readonly replayed: Map<string, Replayed>;
  /** Boards are watched closely until then. */
  watchedUntilMs: number;
  /** How often watching them has begun. */
  looks: number;
}

/** The log that the scenario has prepared. */
export function auctionLogOf({ memory }: Stage): AuctionLog {
  return memory.get("auction log") as AuctionLog;
}

/** By how much clocks of instances are off at the most. */
export function skewOf({ swarm }: Stage): number {
  if (swarm.kinds.has("clocks far off")) return MAX_FAR_OFF_MS;
  return swarm.kinds.has("clocks differ") ? MAX_SKEW_MS : 0;
}
