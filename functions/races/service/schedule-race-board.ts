import { defineLiveMessage } from "../../../shared/live-message/live-message.ts";
import { type ScheduleDeps, scheduleInSecond } from "../../../shared/live-message/schedule.ts";
import { raceBoardDue } from "../events/race-tasks.ts";

/** Dependencies of scheduling an update of a lobby's message. */
export type ScheduleRaceBoardDeps = ScheduleDeps;

/** A lobby's live message in Discord. */
export const liveRaceBoard = defineLiveMessage({
  task: raceBoardDue,
  taskFor: (lobbyId, id) => ({ id, lobbyId }),
  title: "A lobby's message",
  idField: "lobby",
  rememberedDays: 7,
});

/**
 * Schedules an update of a lobby's message, once for all changes within a second. Never fails; the sweeper makes up
 * for missed updates.
 */
export function scheduleRaceBoard(lobbyId: string, deps: ScheduleRaceBoardDeps): Promise<void> {
  return scheduleInSecond(liveRaceBoard, lobbyId, deps);
}
