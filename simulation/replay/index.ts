import type { AuctionLog } from "../scenarios/auction/auction-log.ts";
import { type Stage, sometimesIn } from "../stage.ts";
import { checkLedgerReplay } from "./ledger.ts";
import { checkOrderReplay } from "./orders.ts";

/**
 * Replays a run's inputs and outputs with the reference models and notes what they contained. Where
 * nothing is sold, the orders belong to the scenario and nobody paid for them.
 * `../scenarios/auction/replay.ts` replays auctions after each step. Throws RuleBroken where a model
 * disagrees.
 */
export async function checkReplay(stage: Stage, note: (what: string) => void): Promise<void> {
  const { replayed = new Map() } = (stage.memory.get("auction log") ?? {}) as Partial<AuctionLog>;
  for (const { auction } of replayed.values()) note(`replayed: an auction, ${auction.state}`);
  for (const what of sometimesIn(stage)) note(what);
  const isSelling = ["market", "auction log", "track"].some((place) => stage.memory.has(place));
  if (isSelling) checkOrderReplay(stage, note);
  await checkLedgerReplay(stage, note);
}
