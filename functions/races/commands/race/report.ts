import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { text } from "../../../../shared/discord/definitions/options.ts";
import { oneLine } from "../../../../shared/discord/theme.ts";
import { MAX_SERIES_LENGTH } from "../../domain/series.ts";
import { raceReport } from "../../messages/races.ts";
import { raceShares, reportedTotals } from "../../service/race-totals.ts";
import type { ControlDeps } from "../control-deps.ts";
import { lobbyOption } from "../options.ts";
import { findTargetLobby } from "../target-lobby.ts";
import { seriesStandings } from "./series-standings.ts";

/** `/race report`. */
export const reportCommand = defineCommand({
  words: "race report",
  description: "What a race has sold, and each racer's share",
  options: {
    lobby: lobbyOption,
    series: text("Standings over all your races of this series instead", {
      maxLength: MAX_SERIES_LENGTH,
      suggest: "series",
    }),
  },
  who: "owner",
  answeredBy: "race-control",
});

/** Shows what a race has sold, or how a series stands. Reads only. */
export const reporting = /* @__PURE__ */ action(reportCommand, report);

async function report(
  use: CommandUse,
  options: ValuesOf<typeof reportCommand>,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const series = oneLine(options.series ?? "", MAX_SERIES_LENGTH);
  if (series !== "") return seriesStandings(use.userId, series, deps);
  const rule = { obeys: "host-or-staff", states: ["racing"], orNewest: true } as const;
  const lobby = await findTargetLobby(use, options.lobby, rule, deps);
  if (typeof lobby === "string") return { content: lobby };
  const totals = await reportedTotals(lobby, deps);
  const isHost = use.userId === lobby.hostId;
  return raceReport(lobby, totals, await raceShares(lobby, totals, deps), { isHost });
}
