import type { AuctionLog } from "../auction/auction-log.ts";
import type { Stage } from "../stage.ts";
import { checkLedgerReplay } from "./ledger.ts";
import { checkOrderReplay } from "./orders.ts";

/**
 * Replays what entered and left in a run by the plain models, and notes what that was. Where nothing is sold the
 * orders are the scenario's own, which nobody has paid. Auctions are replayed after
 * each step, by `../auction/replay.ts`. Throws RuleBroken where a model comes to something else.
 */
export async function checkReplay(stage: Stage, note: (what: string) => void): Promise<void> {
  const { replayed = new Map() } = (stage.memory.get("auction log") ?? {}) as Partial<AuctionLog>;
  for (const { auction } of replayed.values()) note(`replayed: an auction, ${auction.state}`);
  const isSelling = ["market", "auction log", "track"].some((place) => stage.memory.has(place));
  if (isSelling) checkOrderReplay(stage, note);
  await checkLedgerReplay(stage, note);
}
