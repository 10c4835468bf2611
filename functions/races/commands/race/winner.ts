import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { user } from "../../../../shared/discord/definitions/options.ts";
import { raceTexts, winnerText } from "../../messages/race-control.ts";
import { scheduleRaceBoard } from "../../service/schedule-race-board.ts";
import type { ControlDeps } from "../control-deps.ts";
import { lobbyOption } from "../options.ts";
import { findTargetLobby } from "../target-lobby.ts";

/** `/race winner`. */
export const winnerCommand = defineCommand({
  words: "race winner",
  description: "Name who won a race, for the standings of its series",
  options: { racer: user("Who won", { required: true }), lobby: lobbyOption },
  who: "owner",
  answeredBy: "race-control",
});

/**
 * Names who won a race, for its series; the newest counts. A repeat names the same. Somebody who has
 * not raced in it cannot have won it.
 */
export const namingWinner = /* @__PURE__ */ action(winnerCommand, {
  run: nameWinner,
  isBegun: async (
    { id },
    _values,
    { lobbies, raceCommands }: Pick<ControlDeps, "lobbies" | "raceCommands">,
  ) => {
    const lobbyId = await raceCommands.lobbyOf(id);
    return lobbyId !== undefined && (await lobbies.get(lobbyId))?.winnerCauseId === id;
  },
});

async function nameWinner(
  use: CommandUse,
  { racer: racerId, lobby: lobbyId }: ValuesOf<typeof winnerCommand>,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const states = ["racing", "finished"] as const;
  const rule = { obeys: "host-or-staff", states, newest: true } as const;
  const lobby = await findTargetLobby(use, lobbyId, rule, deps);
  if (typeof lobby === "string") return { content: lobby };
  const hasRaced = lobby.intervals.some((interval) => interval.racerId === racerId);
  if (!hasRaced) return { content: raceTexts.didNotRace };
  const named = await deps.lobbies.nameWinner(lobby.id, { racerId, causeId: use.id });
  await scheduleRaceBoard(lobby.id, deps);
  return { content: winnerText(named ?? lobby) };
}
