import { racerAccount } from "../../../shared/money/ledger.ts";
import type { Deps } from "../deps.ts";
import type { Lobby } from "../domain/race.ts";
import type { RaceShares, RaceTotals } from "../messages/races.ts";

/** Dependencies of reading a pot. */
export type RaceTotalsDeps = Pick<Deps, "ledger" | "sales">;

/** A race's pot and its number of sales. */
export async function raceTotals(
  { id }: Pick<Lobby, "id">,
  { ledger, sales }: RaceTotalsDeps,
): Promise<RaceTotals> {
  const [pot, count] = await Promise.all([ledger.potOf(id), sales.countOfLobby(id)]);
  return { pot, sales: count };
}

/** The same, with the number of refunded sales. */
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

/** The share of the pot of everyone who has ever raced in the lobby. */
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
