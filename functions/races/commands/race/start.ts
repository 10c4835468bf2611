import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { asOf, type Lobby, racersOf, WINDOW_MS } from "../../domain/race.ts";
import { hostRefusal } from "../../messages/hosts.ts";
import { raceTexts, startText, wrongStateText } from "../../messages/race-control.ts";
import { scheduleRaceBoard } from "../../service/schedule-race-board.ts";
import { scheduleWindowEnd } from "../../service/window-end.ts";
import { startButton } from "../buttons.ts";
import type { ControlDeps } from "../control-deps.ts";
import { hostingRefusal } from "../hosts.ts";
import { isInState } from "../is-in-state.ts";
import { lobbyOption } from "../options.ts";
import { findTargetLobby } from "../target-lobby.ts";

/** `/start`. */
export const startCommand = defineCommand({
  words: "start",
  description: "Start your race: the commission window opens",
  options: { lobby: lobbyOption },
  who: "owner",
  answeredBy: "race-control",
});

/**
 * Opens the commission window, once. The answer does not wait for the announcement, which comes with the board. Crash
 * safety: the repeat finds it open and asks for its end and its board; one that comes when the race is over says what
 * was said then.
 */
export const starting = /* @__PURE__ */ action(startCommand, {
  run: (use, { lobby }, deps: ControlDeps) => start(use, lobby, deps),
  isBegun: (use, _values, deps: Pick<ControlDeps, "lobbies" | "raceCommands">) =>
    isInState("racing", use, deps),
});

/** The same by the button. */
export const startingByButton = /* @__PURE__ */ action(startButton, {
  run: (use, { lobbyId }, deps: ControlDeps) => start(use, lobbyId, deps),
  isBegun: (use, _values, deps: Pick<ControlDeps, "lobbies" | "raceCommands">) =>
    isInState("racing", use, deps),
});

async function start(
  use: CommandUse,
  named: string | undefined,
  deps: ControlDeps,
): Promise<OutgoingMessage> {
  const noRacers = (lobby: Lobby) =>
    racersOf(lobby).length === 0 ? raceTexts.noRacers : undefined;
  const rule = { obeys: "host", states: ["open"], problem: noRacers } as const;
  const found = await findTargetLobby(use, named, rule, deps);
  if (typeof found === "string") return { content: found };
  const refusal = found.state === "open" ? await hostingRefusal(use, deps) : undefined;
  if (refusal) return hostRefusal(refusal);
  const now = deps.clock.now();
  const started = await deps.lobbies.start(found.id, now, WINDOW_MS);
  const lobby = started && asOf(started, now);
  if (lobby?.state === "open") return { content: raceTexts.noRacers };
  if (lobby?.state === "finished") return { content: startText(lobby) };
  if (lobby?.state !== "racing") return { content: wrongStateText(lobby ?? found) };
  await scheduleWindowEnd(lobby, deps);
  await scheduleRaceBoard(lobby.id, deps);
  return { content: startText(lobby) };
}
