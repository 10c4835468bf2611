import type { Deps } from "../deps.ts";
import { raceBoardDue } from "../events/race-tasks.ts";

/** What asking for fresh messages of a lobby needs. */
export type ScheduleRaceBoardDeps = Pick<Deps, "tasks" | "clock" | "log">;

/** Discord takes about one edit a second in a channel. */
const EDIT_INTERVAL_MS = 1000;

/**
 * Asks for a lobby's messages to show what is true, once for all that happens within a second: the
 * second names the task. Never fails; what was missed the sweeper shows.
 */
export async function scheduleRaceBoard(
  lobbyId: string,
  { tasks, clock, log }: ScheduleRaceBoardDeps,
): Promise<void> {
  const second = Math.floor(clock.now().getTime() / EDIT_INTERVAL_MS) + 1;
  const task = { id: `race-board.${lobbyId}.${second}`, lobbyId };
  try {
    await tasks.enqueue(raceBoardDue, task, new Date(second * EDIT_INTERVAL_MS));
  } catch (error) {
    log.error("A lobby's messages were not scheduled", error, { lobby: lobbyId });
  }
}
