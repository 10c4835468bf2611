import { racerAccount } from "../../../shared/money/ledger.ts";
import type { Deps } from "../deps.ts";
import type { Lobby } from "../domain/race.ts";
import type { RaceShares, RaceTotals } from "../messages/races.ts";

/** What reading a pot needs. */
export type RaceTotalsDeps = Pick<Deps, "ledger" | "sales">;

/** A race's pot, and how many sales are in it. */
export async function raceTotals(
  { id }: Pick<Lobby, "id">,
  { ledger, sales }: RaceTotalsDeps,
): Promise<RaceTotals> {
  const [pot, count] = await Promise.all([ledger.potOf(id), sales.countOfLobby(id)]);
  return { pot, sales: count };
}

/** The same, with how many of the sales were refunded. */
export async function reportedTotals(
  lobby: Pick<Lobby, "id">,
  deps: RaceTotalsDeps,
): Promise<RaceTotals> {
  const [totals, refunded] = await Promise.all([
    raceTotals(lobby, deps),
    deps.sales.countRefundedOfLobby(lobby.id),
  ]);
  return { ...totals, refunded };
}

/** What everyone who ever raced in a lobby has of its pot. */
export async function raceShares(
  { id, intervals }: Pick<Lobby, "id" | "intervals">,
  { pot }: Pick<RaceTotals, "pot">,
  { ledger }: Pick<Deps, "ledger">,
): Promise<RaceShares> {
  const racerIds = [...new Set(intervals.map(({ racerId }) => racerId))];
  return Promise.all(
    racerIds.map(async (racerId) => ({
      racerId,
      shares: await Promise.all(
        pot.map(async ({ currency }) => ({
          currency,
          amount: await ledger.earnedIn(id, racerAccount(racerId), currency),
        })),
      ),
    })),
  );
}
