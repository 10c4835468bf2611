import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { cancelText, wrongStateText } from "../../messages/race-control.ts";
import { scheduleRaceBoard } from "../../service/schedule-race-board.ts";
import type { ControlDeps } from "../control-deps.ts";
import { isInState } from "../is-in-state.ts";
import { lobbyOption } from "../options.ts";
import { findTargetLobby } from "../target-lobby.ts";

/** `/race cancel`. */
export const cancelCommand = defineCommand({
  words: "race cancel",
  description: "Call off a race that has not started",
  options: { lobby: lobbyOption },
  who: "owner",
  answeredBy: "race-control",
});

/** Calls off a race that has not started. A repeat finds it called off and says the same. */
export const cancelling = /* @__PURE__ */ action(cancelCommand, {
  run: async (use, { lobby: named }, deps: ControlDeps) => {
    const rule = { obeys: "host-or-staff", states: ["open"] } as const;
    const found = await findTargetLobby(use, named, rule, deps);
    if (typeof found === "string") return { content: found };
    const lobby = await deps.lobbies.cancel(found.id, deps.clock.now());
    if (lobby?.state !== "cancelled") return { content: wrongStateText(lobby ?? found) };
    await scheduleRaceBoard(lobby.id, deps);
    return { content: cancelText(lobby) };
  },
  isBegun: (use, _values, deps: Pick<ControlDeps, "lobbies" | "raceCommands">) =>
    isInState("cancelled", use, deps),
});
