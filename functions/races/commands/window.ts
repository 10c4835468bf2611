import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import {
  asOf,
  isOver,
  type Lobby,
  type LobbyState,
  latestEnd,
  racersOf,
  WINDOW_MS,
} from "../domain/race.ts";
import {
  cancelText,
  finishText,
  goOnText,
  goOnTooLateText,
  raceTexts,
  startText,
  wrongStateText,
} from "../messages/race-control.ts";
import { announceRace } from "../service/announce-race.ts";
import { scheduleRaceBoard } from "../service/schedule-race-board.ts";
import { scheduleWindowEnd } from "../service/window-end.ts";
import type { ControlDeps } from "./control-deps.ts";
import { hostingRefusal } from "./hosts.ts";
import { lobbyMeant } from "./lobby-meant.ts";

/**
 * `/start`, or the button: opens the commission window, once. Dying after that, the repeat finds it
 * open, asks for its end and announces it if nobody has; one that comes when the race is over says what
 * was said then.
 */
export async function start(command: DiscordCommand, deps: ControlDeps): Promise<OutgoingMessage> {
  const noRacers = (lobby: Lobby) =>
    racersOf(lobby).length === 0 ? raceTexts.noRacers : undefined;
  const rule = { obeys: "host", states: ["open"], problem: noRacers } as const;
  const meant = await lobbyMeant(command, rule, deps);
  if (typeof meant === "string") return { content: meant };
  const refusal = meant.state === "open" ? await hostingRefusal(command, deps) : undefined;
  if (refusal) return { content: refusal };
  const now = deps.clock.now();
  const started = await deps.lobbies.start(meant.id, now, WINDOW_MS);
  const lobby = started && asOf(started, now);
  if (lobby?.state === "open") return { content: raceTexts.noRacers };
  if (lobby?.state === "finished") return { content: startText(lobby) };
  if (lobby?.state !== "racing") return { content: wrongStateText(lobby ?? meant) };
  await scheduleWindowEnd(lobby, deps);
  await announceRace(lobby, deps);
  await scheduleRaceBoard(lobby.id, deps);
  return { content: startText(lobby) };
}

/** `/finish`, or the button: closes the window, once, and announces the result, once. */
export async function finish(command: DiscordCommand, deps: ControlDeps): Promise<OutgoingMessage> {
  const meant = await lobbyMeant(command, { obeys: "host-or-staff", states: ["racing"] }, deps);
  if (typeof meant === "string") return { content: meant };
  const lobby = await deps.lobbies.finish(meant.id);
  if (lobby?.state !== "finished") return { content: wrongStateText(lobby ?? meant) };
  await announceRace(lobby, deps);
  await scheduleRaceBoard(lobby.id, deps);
  return { content: finishText(lobby) };
}

/** `/race cancel`: calls off a race that has not started. */
export async function cancel(command: DiscordCommand, deps: ControlDeps): Promise<OutgoingMessage> {
  const meant = await lobbyMeant(command, { obeys: "host-or-staff", states: ["open"] }, deps);
  if (typeof meant === "string") return { content: meant };
  const lobby = await deps.lobbies.cancel(meant.id, deps.clock.now());
  if (lobby?.state !== "cancelled") return { content: wrongStateText(lobby ?? meant) };
  await scheduleRaceBoard(lobby.id, deps);
  return { content: cancelText(lobby) };
}

/**
 * "Go on for an hour": the window closes an hour after the time that the button names, so that pressing
 * it again gives no other hour. One whose time is over does not open again.
 */
export async function goOn(command: DiscordCommand, deps: ControlDeps): Promise<OutgoingMessage> {
  const [lobbyId, closesAtMs] = prolongedBy(command);
  const named = { ...command, options: { target: lobbyId } };
  const meant = await lobbyMeant(named, { obeys: "host-or-staff", states: ["racing"] }, deps);
  const refusal = typeof meant === "string" ? meant : await hostingRefusal(command, deps);
  if (typeof meant === "string" || refusal) return { content: refusal ?? "" };
  const until = new Date(Number(closesAtMs) + WINDOW_MS);
  const lobby = await deps.lobbies.goOn(meant.id, deps.clock.now(), until);
  if (!lobby || isOver(lobby)) return { content: wrongStateText(lobby ?? meant) };
  const { closesAt } = lobby;
  if (!closesAt || closesAt.getTime() <= Number(closesAtMs)) {
    return { content: goOnTooLateText(lobby) };
  }
  await scheduleWindowEnd(lobby, deps);
  await scheduleRaceBoard(lobby.id, deps);
  const isLongest = closesAt.getTime() === latestEnd(lobby)?.getTime();
  return { content: goOnText(lobby, { isLongest }) };
}

/** Whether the window that the button names has been prolonged, so that its new end is to be arranged. */
export async function isProlonged(command: DiscordCommand, deps: ControlDeps): Promise<boolean> {
  const [lobbyId, closesAtMs] = prolongedBy(command);
  if ((await deps.raceCommands.lobbyOf(command.id)) !== lobbyId) return false;
  const closesAt = (await deps.lobbies.get(lobbyId))?.closesAt;
  return closesAt !== undefined && closesAt.getTime() > Number(closesAtMs);
}

/** The lobby and the end of its window that the button names. */
function prolongedBy({ options }: DiscordCommand): readonly [string, string] {
  const [, lobbyId = "", closesAtMs = ""] =
    /^(\d{1,20})-(\d{1,15})$/.exec(String(options["target"] ?? "")) ?? [];
  return [lobbyId, closesAtMs];
}

/**
 * Whether the lobby that an earlier delivery of the command found is in this state now, so that what is
 * left to do is only to announce it.
 */
export function isInState(state: LobbyState) {
  return async ({ id }: DiscordCommand, deps: ControlDeps): Promise<boolean> => {
    const lobbyId = await deps.raceCommands.lobbyOf(id);
    return lobbyId !== undefined && (await deps.lobbies.get(lobbyId))?.state === state;
  };
}
