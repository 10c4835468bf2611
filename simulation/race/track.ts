import type { Options } from "../people.ts";
import type { Stage } from "../stage.ts";
import type { LedgerSeen } from "./ledger-watch.ts";
import type { LobbyDocument } from "./lobby-watch.ts";
import type { Sold } from "./shops.ts";

/** A `/payout` that somebody has typed. */
export interface TypedPayout {
  /** The interaction's, and the payout's if it is made; undefined until Discord has answered. */
  id: string | undefined;
  readonly by: string;
  readonly racer: string;
  readonly options: Options;
  /** What is asked for; two that ask for the same are identical. */
  readonly what: string;
  readonly code: string | undefined;
}

/** A sale that somebody reported again, with another amount. */
export interface AlteredSale {
  readonly saleId: string;
  /** Whether it was answered that it is stored. */
  isThanked: boolean;
}

/** Who is at the races, what they have done, and what was last seen of it. */
export interface Track {
  /** They host, and pay out. */
  readonly staff: readonly string[];
  /** All who host: of the staff, and one who was approved. */
  readonly hosts: readonly string[];
  /** The first ones can be paid at Stripe, the last takes no DMs. */
  readonly crowd: readonly string[];
  /** No racer, no host. */
  readonly stranger: string;
  /** Racers' accounts at Stripe. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly channels: readonly string[];
  readonly sold: Sold[];
  readonly typed: TypedPayout[];
  /** Commands by which somebody was taken out of a lobby. */
  readonly kicks: { readonly id: string; readonly lobbyId: string; readonly racer: string }[];
  /** Which button was pressed, by the interaction. */
  readonly presses: Map<string, string>;
  readonly altered: AlteredSale[];
  /** When a run of the sweeper was still going on shortly before its end. */
  readonly overruns: number[];
  /** Since when many a second have bought, and how much longer the database takes for a call then. */
  readonly rushes: { readonly fromMs: number; readonly slowerByMs: number }[];
  /** What those who may have asked for: "end LOBBY". Nothing else may have happened. */
  readonly allowed: Set<string>;
  /** What an attacker was granted, found by a action. */
  readonly breaches: string[];
  readonly ledger: LedgerSeen;
  readonly lobbies: Map<string, LobbyDocument>;
}

/** The track that the scenario has prepared. */
export function trackOf({ memory }: Stage): Track {
  return memory.get("track") as Track;
}
