import { type SendDeps, sendDmOnce } from "../../../shared/discord/sending/send-once.ts";
import type { Deps } from "../deps.ts";
import { type Lobby, latestEnd, WARNING_MS } from "../domain/race.ts";
import { windowCloseDue } from "../events/race-tasks.ts";
import { closingNotice } from "../messages/race-notices.ts";
import { postOnce } from "./announce-race.ts";
import { type ScheduleRaceBoardDeps, scheduleRaceBoard } from "./schedule-race-board.ts";

/** Dependencies of ending a window. */
export type WindowEndDeps = SendDeps & ScheduleRaceBoardDeps & Pick<Deps, "lobbies" | "users">;

/** Tasks are due at the next whole second: the clock of Cloud Tasks is not ours, and an early task does nothing. */
const SECOND_MS = 1000;

/**
 * Schedules the warning to the host and the closing of the window. Idempotent: the same time gets the same tasks; a
 * changed time gets new ones.
 */
export async function scheduleWindowEnd(
  { id: lobbyId, closesAt }: Lobby,
  { tasks }: Pick<Deps, "tasks">,
): Promise<void> {
  if (!closesAt) return;
  const closesAtMs = closesAt.getTime();
  const steps = [
    { step: "warn", dueAtMs: closesAtMs - WARNING_MS },
    { step: "close", dueAtMs: closesAtMs },
  ] as const;
  for (const { step, dueAtMs } of steps) {
    const task = { id: `window-close.${lobbyId}.${closesAtMs}.${step}`, lobbyId, closesAtMs, step };
    const dueAt = new Date(Math.ceil(dueAtMs / SECOND_MS) * SECOND_MS);
    await tasks.enqueue(windowCloseDue, task, dueAt);
  }
}

/**
 * Warns the host that an open window is about to close, once per closing time: by DM, or in the channel if their
 * DMs are closed. Does nothing if the closing time has passed or was changed, or if the window is no longer open.
 */
export async function warnOfWindowEnd(
  lobbyId: string,
  closesAt: Date,
  deps: WindowEndDeps,
): Promise<void> {
  const lobby = await deps.lobbies.get(lobbyId);
  const isDue = lobby?.state === "racing" && lobby.closesAt?.getTime() === closesAt.getTime();
  if (!lobby || !isDue || closesAt <= deps.clock.now()) return;
  const latest = latestEnd(lobby);
  const canGoOn = latest !== undefined && closesAt < latest;
  const notice = (isPublic: boolean) => closingNotice(lobby, closesAt, { canGoOn, isPublic });
  const key = `race-closing:${lobbyId}:${closesAt.getTime()}`;
  if (await sendDmOnce(key, lobby.hostId, notice(false), deps)) return;
  await postOnce(`${key}:channel`, lobby, notice(true), deps);
}

/**
 * Closes a window whose time is over; its result is announced with the board. The recorded end is the planned end, not the
 * time of this run. False if the window is not due or the lobby has no open window.
 */
export async function closeDueWindow(lobbyId: string, deps: WindowEndDeps): Promise<boolean> {
  const lobby = await deps.lobbies.finishDue(lobbyId, deps.clock.now());
  if (lobby?.state !== "finished") return false;
  await scheduleRaceBoard(lobbyId, deps);
  return true;
}
