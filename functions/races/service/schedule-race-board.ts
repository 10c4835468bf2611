import { defineLiveMessage } from "../../../shared/live-message/live-message.ts";
import { type ScheduleDeps, scheduleInSecond } from "../../../shared/live-message/schedule.ts";
import { raceBoardDue } from "../events/race-tasks.ts";

/** What asking for a fresh message of a lobby needs. */
export type ScheduleRaceBoardDeps = ScheduleDeps;

/** A lobby's message. */
export const liveRaceBoard = defineLiveMessage({
  task: raceBoardDue,
  taskFor: (lobbyId, id) => ({ id, lobbyId }),
  title: "A lobby's message",
  idField: "lobby",
  rememberedDays: 7,
});

/**
 * Asks for a lobby's message to show what is true, once for all that happens within a second. Never fails; what was
 * missed the sweeper shows.
 */
export function scheduleRaceBoard(lobbyId: string, deps: ScheduleRaceBoardDeps): Promise<void> {
  return scheduleInSecond(liveRaceBoard, lobbyId, deps);
}
