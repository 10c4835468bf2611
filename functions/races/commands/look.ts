import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { overlayText } from "../messages/race-control.ts";
import { raceReport } from "../messages/races.ts";
import { raceShares, reportedTotals } from "../service/race-totals.ts";
import type { ControlDeps } from "./control-deps.ts";
import { lobbyMeant } from "./lobby-meant.ts";
import { newPotKey } from "./open-lobby.ts";
import { seriesStandings } from "./series.ts";

/** `/race report`: reads only. */
export async function report(command: DiscordCommand, deps: ControlDeps): Promise<OutgoingMessage> {
  const series = String(command.options["series"] ?? "").trim();
  if (series !== "") return seriesStandings(command.userId, series, deps);
  const rule = { obeys: "host-or-staff", states: ["racing"], orNewest: true } as const;
  const lobby = await lobbyMeant(command, rule, deps);
  if (typeof lobby === "string") return { content: lobby };
  const totals = await reportedTotals(lobby, deps);
  const isHost = command.userId === lobby.hostId;
  return raceReport(lobby, totals, await raceShares(lobby, totals, deps), { isHost });
}

/**
 * `/race overlay`: the Live Pot's link for the host, another if they want; a repeat makes no third. There is one link
 * for all of a host's races, which is kept with the newest of them, whichever race is named.
 */
export async function overlay(
  command: DiscordCommand,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const rule = { obeys: "host", states: ["open", "racing"], orNewest: true } as const;
  const meant = await lobbyMeant(command, rule, deps);
  if (typeof meant === "string") return { content: meant };
  const [lobby = meant] = await deps.lobbies.ofHost(meant.hostId);
  const isNew = command.options["replace"] === true;
  const key = { potKey: newPotKey(), causeId: command.id };
  const shown = isNew ? await deps.lobbies.replacePotKey(lobby.id, key) : lobby;
  return { content: overlayText(shown ?? lobby, deps.config.PUBLIC_SITE_URL, { isNew }) };
}
