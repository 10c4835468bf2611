import type { PlainAuction } from "../../models/auction.ts";
import { MAX_FAR_OFF_MS, MAX_SKEW_MS } from "../../random/drawn-faults.ts";
import type { Stage } from "../../stage.ts";
import type { StoredAuction } from "./books.ts";

/** A bid and its immediate answer. Amounts in minor units. */
export interface PlacedBid {
  /** The interaction's id, which is also the bid's. */
  readonly id: string;
  readonly channelId: string;
  /** Undefined if only the channel was given. */
  readonly auctionId: string | undefined;
  readonly bidder: string;
  readonly amount: number;
  readonly max: number;
  readonly isConfirmed: boolean;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
  /** Empty without an answer. */
  readonly answer: string;
  /** How often it was delivered at once; its bidder reads one of the answers. */
  readonly copies: number;
}

/** A loss of data in Redis. */
export interface Loss {
  readonly atMs: number;
  /** Undefined if it was more than one key. */
  readonly key: string | undefined;
  /** The number of each auction's last bid to which a failover went back, by auction. */
  readonly sequences: ReadonlyMap<string, number>;
}

/** A period in which Redis did not answer, or its answers were lost. */
export interface Silence {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A command for an auction. */
export interface ControlUse {
  readonly word: string;
  readonly user: string;
  /** Whose bids it removes. */
  readonly bidder: string | undefined;
  readonly auctionId: string;
  readonly interactionId: string;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/** A press of a button for a turn to buy. */
export interface ClaimPress {
  readonly user: string;
  readonly customId: string;
  /** The interaction's id; undefined until Discord has an answer. */
  id: string | undefined;
}

/** Whether a loss can affect accepted bids. Losing a channel, a bar or a lock cannot. */
export function losesBids({ key }: Loss): boolean {
  return key === undefined || /^auction(?:-bids)?:/.test(key);
}

/** What a board showed from a time on. Amounts in minor units. */
export interface Shown {
  readonly atMs: number;
  readonly auctionId: string;
  readonly messageId: string;
  readonly price: number;
  readonly leader: string | undefined;
  readonly bids: number;
  readonly description: string;
}

/** What the checks of earlier steps observed of an auction. */
export interface SeenAuction {
  readonly state: string;
  /** When it was last observed live. */
  readonly liveAtMs: number;
  readonly price: number | undefined;
  readonly leader: string | undefined;
  /** Each recorded bid as JSON, by sequence number. */
  readonly record: readonly string[];
}

/** An auction with the reference model's result for its record. */
export interface Replayed {
  readonly auction: StoredAuction;
  readonly plain: PlainAuction;
  /** The number of Redis's losses so far. */
  readonly losses: number;
}

/** The people at the auctions, and what has happened there. */
export interface AuctionLog {
  readonly builder: string;
  readonly staff: string;
  /** The builder's Stripe account. */
  readonly account: string;
  readonly bidders: readonly string[];
  /** The person who accepts no DMs. */
  readonly silent: string;
  /** Participants of bidding wars. */
  readonly crowd: readonly string[];
  readonly channels: readonly string[];
  readonly bids: PlacedBid[];
  readonly losses: Loss[];
  readonly silences: Silence[];
  readonly controlUses: ControlUse[];
  readonly claimPresses: ClaimPress[];
  readonly shown: Shown[];
  /** When each bid was recorded, by its document's path. */
  readonly recordedAtMs: Map<string, number>;
  readonly seen: Map<string, SeenAuction>;
  /** Each auction as the last step found it, by id. */
  readonly replayed: Map<string, Replayed>;
  /** Boards are watched closely until this time. */
  watchedUntilMs: number;
  /** How often watching has started. */
  looks: number;
}

/** The log that the scenario prepared. */
export function auctionLogOf({ memory }: Stage): AuctionLog {
  return memory.get("auction log") as AuctionLog;
}

/** The maximum error of instance clocks. */
export function skewOf({ swarm }: Stage): number {
  if (swarm.kinds.has("clocks far off")) return MAX_FAR_OFF_MS;
  return swarm.kinds.has("clocks differ") ? MAX_SKEW_MS : 0;
}
