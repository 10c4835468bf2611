import type { Options } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { LedgerSeen } from "./ledger-watch.ts";
import type { LobbyDocument } from "./lobby-watch.ts";
import type { Sold } from "./shops.ts";

/** A typed `/payout`. */
export interface TypedPayout {
  /**
   * The id of the interaction, and of the payout if it is made; undefined until Discord has
   * answered.
   */
  id: string | undefined;
  readonly by: string;
  readonly racer: string;
  readonly options: Options;
  /** Its options; two identical requests have the same text. */
  readonly what: string;
  readonly code: string | undefined;
}

/** A sale that somebody reported again with another amount. */
export interface AlteredSale {
  readonly saleId: string;
  /** Whether the product answered that it stored it. */
  isThanked: boolean;
}

/** The people at the races, their actions, and what was last observed. */
export interface Track {
  /** They host and pay out. */
  readonly staff: readonly string[];
  /** All hosts: staff, and one approved host. */
  readonly hosts: readonly string[];
  /** Stripe can pay the first ones; the last one accepts no DMs. */
  readonly crowd: readonly string[];
  /** Neither racer nor host. */
  readonly stranger: string;
  /** Racers' Stripe accounts. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly channels: readonly string[];
  readonly sold: Sold[];
  readonly typed: TypedPayout[];
  /** Commands that kicked someone from a lobby. */
  readonly kicks: { readonly id: string; readonly lobbyId: string; readonly racer: string }[];
  /** The lobby that a press or a command was about, and the pressed button, by interaction. */
  readonly uses: Map<string, { readonly lobbyId: string; readonly button?: string }>;
  readonly altered: AlteredSale[];
  /** When runs of the sweeper ended that did all their work. */
  readonly sweptAtMs: number[];
  /** When a run of the sweeper was still running shortly before its limit. */
  readonly overruns: number[];
  /** The times of rushes, and the database's additional delay per call then. */
  readonly rushes: { readonly fromMs: number; readonly slowerByMs: number }[];
  /** Requests of people with permission, such as "end LOBBY". Nothing else may have happened. */
  readonly allowed: Set<string>;
  /** What an attacker was granted, as recorded by an action. */
  readonly breaches: string[];
  readonly ledger: LedgerSeen;
  readonly lobbies: Map<string, LobbyDocument>;
}

/** The track that the scenario prepared. */
export function trackOf({ memory }: Stage): Track {
  return memory.get("track") as Track;
}
