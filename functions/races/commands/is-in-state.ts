import type { CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import type { LobbyState } from "../domain/race.ts";
import type { ControlDeps } from "./control-deps.ts";

/**
 * Whether the lobby that an earlier delivery of the command found is in this state now, so that what is
 * left to do is only to announce it.
 */
export async function isInState(
  state: LobbyState,
  { id }: CommandUse,
  { lobbies, raceCommands }: Pick<ControlDeps, "lobbies" | "raceCommands">,
): Promise<boolean> {
  const lobbyId = await raceCommands.lobbyOf(id);
  return lobbyId !== undefined && (await lobbies.get(lobbyId))?.state === state;
}
