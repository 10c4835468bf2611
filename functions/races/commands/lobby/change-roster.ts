import type { CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import { notify } from "../../../../shared/discord/sending/notify.ts";
import {
  type Act,
  asOf,
  grant,
  isOver,
  type Lobby,
  type RosterRequest,
  racersOf,
  stateAt,
} from "../../domain/race.ts";
import { wrongStateText } from "../../messages/race-control.ts";
import { movedUpNotice } from "../../messages/race-notices.ts";
import { scheduleRaceBoard } from "../../service/schedule-race-board.ts";
import type { ControlDeps } from "../control-deps.ts";

/** Else its time is over since it was read. */
export function overText(read: Lobby, { clock }: ControlDeps): string {
  const lobby = asOf(read, clock.now());
  return wrongStateText({ ...lobby, state: isOver(lobby) ? lobby.state : "finished" });
}

/**
 * Lets someone come or go, once for each interaction, and has the person who got the seat notified, once: the answer does
 * not wait for that. Crash safety: a run that died before it could is made up for by its repeat, and where the same
 * person has asked for something else meanwhile, by that. Gives undefined when the lobby is over and it was not done
 * before.
 */
export async function fulfil(
  lobbyId: string,
  request: RosterRequest,
  deps: ControlDeps,
): Promise<{ act: Act | "superseded"; lobby: Lobby } | undefined> {
  let granted:
    | { act: Act | "superseded"; wasOver: boolean; isRepeat: boolean; last: Act | undefined }
    | undefined;
  const now = deps.clock.now();
  const decide = (before: Lobby, at: Date, elsewhereId: string | undefined) => {
    const { act, roster } = grant(before, request, at, { elsewhereId });
    const last = before.acts[request.racerId];
    const isRepeat = last?.id === request.id;
    granted = { act, isRepeat, last, wasOver: isOver({ state: stateAt(before, now) }) };
    // A kicked racer's later acts change nothing, and the kick's repeat must find its own act.
    const isFinal = before.kickedIds.includes(request.racerId);
    return act === "superseded" || isFinal
      ? roster
      : { ...roster, acts: { ...before.acts, [request.racerId]: act } };
  };
  const lobby = await deps.lobbies.changeRoster(lobbyId, now, decide, request.racerId);
  if (!lobby || !granted || (granted.wasOver && !granted.isRepeat)) return undefined;
  const { act, last } = granted;
  if (act !== "superseded") await notifyMovedUp(lobby, act, deps);
  if (last && last.id !== request.id) await notifyMovedUp(lobby, last, deps);
  await scheduleRaceBoard(lobbyId, deps);
  return { act, lobby };
}

/** Notifies the person who got the seat that someone gave up, once, if they still have it. */
async function notifyMovedUp(
  lobby: Lobby,
  { id, movedUp }: Act,
  deps: Pick<ControlDeps, "publisher">,
): Promise<void> {
  if (movedUp === undefined || !racersOf(lobby).includes(movedUp)) return;
  await notify(`race-moved-up:${id}`, movedUp, movedUpNotice(lobby), deps);
}

/** Whether an earlier delivery of the command has changed whether someone races, or recorded that it may not. */
export async function isRosterChanged(
  { id }: CommandUse,
  racerId: string,
  lobbyId: string | undefined,
  { lobbies }: Pick<ControlDeps, "lobbies">,
): Promise<boolean> {
  const lobby = lobbyId === undefined ? undefined : await lobbies.get(lobbyId);
  return lobby?.acts[racerId]?.id === id;
}
