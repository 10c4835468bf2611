import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { readSnowflake } from "../../../shared/documents/outside-id.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { type SeriesRace, standingsOf } from "../domain/series.ts";
import { raceTexts, winnerText } from "../messages/race-control.ts";
import { noSeriesText, seriesReport } from "../messages/series.ts";
import { raceShares, raceTotals } from "../service/race-totals.ts";
import { scheduleRaceBoard } from "../service/schedule-race-board.ts";
import type { ControlDeps } from "./control-deps.ts";
import { lobbyMeant } from "./lobby-meant.ts";

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

/**
 * `/race winner`: names who won a race, for its series; the newest counts. A repeat names the same. Somebody who has
 * not raced in it cannot have won it.
 */
export async function nameWinner(
  command: DiscordCommand,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const racerId = readSnowflake(command.options["racer"]);
  if (!racerId) return { content: raceTexts.nobody };
  const states = ["racing", "finished"] as const;
  const rule = { obeys: "host-or-staff", states, newest: true } as const;
  const lobby = await lobbyMeant(command, rule, deps);
  if (typeof lobby === "string") return { content: lobby };
  const hasRaced = lobby.intervals.some((interval) => interval.racerId === racerId);
  if (!hasRaced) return { content: raceTexts.didNotRace };
  const named = await deps.lobbies.nameWinner(lobby.id, { racerId, causeId: command.id });
  await scheduleRaceBoard(lobby.id, deps);
  return { content: winnerText(named ?? lobby) };
}

/** Whether an earlier delivery has named the winner. */
export async function isWinnerNamed(
  { id }: DiscordCommand,
  { lobbies, raceCommands }: ControlDeps,
): Promise<boolean> {
  const lobbyId = await raceCommands.lobbyOf(id);
  return lobbyId !== undefined && (await lobbies.get(lobbyId))?.winnerCauseId === id;
}
