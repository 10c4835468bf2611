import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import type { ValuesOf } from "../../../../shared/discord/definitions/define-command.ts";
import { findHostingRefusal } from "../../../members/command-function.ts";
import { isOver, latestEnd, WINDOW_MS } from "../../domain/race.ts";
import { goOnText, goOnTooLateText, wrongStateText } from "../../messages/race-control.ts";
import { scheduleRaceBoard } from "../../service/schedule-race-board.ts";
import { scheduleWindowEnd } from "../../service/window-end.ts";
import { goOnButton } from "../buttons.ts";
import type { ControlDeps } from "../control-deps.ts";
import { findTargetLobby } from "../target-lobby.ts";

/**
 * Go on for an hour: the window closes an hour after the time that the button names, so that pressing
 * it again gives no other hour. One whose time is over does not open again.
 */
export const goingOn = /* @__PURE__ */ action(goOnButton, {
  run: goOn,
  // The window's new end is to be scheduled.
  isBegun: async (
    { id },
    { lobbyId, closesAtMs },
    { lobbies, raceCommands }: Pick<ControlDeps, "lobbies" | "raceCommands">,
  ) => {
    if ((await raceCommands.lobbyOf(id)) !== lobbyId) return false;
    const closesAt = (await lobbies.get(lobbyId))?.closesAt;
    return closesAt !== undefined && closesAt.getTime() > closesAtMs;
  },
});

async function goOn(
  use: CommandUse,
  { lobbyId, closesAtMs }: ValuesOf<typeof goOnButton>,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const rule = { obeys: "host-or-staff", states: ["racing"] } as const;
  const found = await findTargetLobby(use, lobbyId, rule, deps);
  if (typeof found === "string") return { content: found };
  // The button is in a DM, where Discord does not say that a host is a member of the team.
  const refusal = use.isStaff
    ? undefined
    : await findHostingRefusal(use.userId, deps, { isHost: true });
  if (refusal !== undefined) return { content: refusal };
  const until = new Date(closesAtMs + WINDOW_MS);
  const lobby = await deps.lobbies.goOn(found.id, deps.clock.now(), until);
  if (!lobby || isOver(lobby)) return { content: wrongStateText(lobby ?? found) };
  const { closesAt } = lobby;
  if (!closesAt || closesAt.getTime() <= closesAtMs) {
    return { content: goOnTooLateText(lobby) };
  }
  await scheduleWindowEnd(lobby, deps);
  await scheduleRaceBoard(lobby.id, deps);
  const isLongest = closesAt.getTime() === latestEnd(lobby)?.getTime();
  return { content: goOnText(lobby, { isLongest }) };
}
