import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { finishText, wrongStateText } from "../../messages/race-control.ts";
import { scheduleRaceBoard } from "../../service/schedule-race-board.ts";
import { finishButton } from "../buttons.ts";
import type { ControlDeps } from "../control-deps.ts";
import { isInState } from "../is-in-state.ts";
import { lobbyOption } from "../options.ts";
import { findTargetLobby } from "../target-lobby.ts";

/** `/finish`. */
export const finishCommand = defineCommand({
  words: "finish",
  description: "Finish your race: the commission window closes",
  options: { lobby: lobbyOption },
  who: "owner",
  answeredBy: "race-control",
});

/** Closes the window, once. The answer does not wait for the announcement of the result, which comes with the board. */
export const finishing = /* @__PURE__ */ action(finishCommand, {
  run: (use, { lobby }, deps: ControlDeps) => finish(use, lobby, deps),
  isBegun: (use, _values, deps: Pick<ControlDeps, "lobbies" | "raceCommands">) =>
    isInState("finished", use, deps),
});

/** The same by the button. */
export const finishingByButton = /* @__PURE__ */ action(finishButton, {
  run: (use, { lobbyId }, deps: ControlDeps) => finish(use, lobbyId, deps),
  isBegun: (use, _values, deps: Pick<ControlDeps, "lobbies" | "raceCommands">) =>
    isInState("finished", use, deps),
});

async function finish(
  use: CommandUse,
  named: string | undefined,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const rule = { obeys: "host-or-staff", states: ["racing"] } as const;
  const found = await findTargetLobby(use, named, rule, deps);
  if (typeof found === "string") return { content: found };
  const lobby = await deps.lobbies.finish(found.id);
  if (lobby?.state !== "finished") return { content: wrongStateText(lobby ?? found) };
  await scheduleRaceBoard(lobby.id, deps);
  return { content: finishText(lobby) };
}
