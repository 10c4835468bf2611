import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { type SeriesRace, standingsOf } from "../../domain/series.ts";
import { noSeriesText, seriesReport } from "../../messages/series.ts";
import { raceShares, raceTotals } from "../../service/race-totals.ts";
import type { ControlDeps } from "../control-deps.ts";

/**
 * `/race report series:`: the standings over the asker's races of that name that have begun, as the ledger has them
 * now. Reads only.
 */
export async function seriesStandings(
  hostId: string,
  name: string,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const lobbies = await deps.lobbies.ofSeries(hostId, name);
  const begun = lobbies.filter(({ openedAt }) => openedAt !== undefined);
  const [newest] = lobbies;
  if (!newest) return { content: noSeriesText(name) };
  const races: SeriesRace[] = [];
  for (const lobby of begun) {
    const shares = await raceShares(lobby, await raceTotals(lobby, deps), deps);
    races.push({ winnerId: lobby.winnerId, shares });
  }
  const standings = standingsOf(races, deps.config.SHOP_CURRENCY);
  return seriesReport(newest.series ?? name, standings, begun.length);
}
