import { raceBoardDue } from "../../shared/events/race-tasks.ts";
import { type ShowRaceBoardDeps, showRaceBoard } from "../../shared/race/show-race-board.ts";
import { taskWorker } from "../../shared/runtime/task-worker.ts";

/** Shows a lobby in its channel as it is now. A repeat shows the same. */
export const handler = taskWorker(raceBoardDue, ({ lobbyId }, deps: ShowRaceBoardDeps) =>
  showRaceBoard(lobbyId, deps),
);
