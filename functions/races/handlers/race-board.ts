import { taskWorker } from "../../../shared/runtime/task-worker.ts";
import { raceBoardDue } from "../events/race-tasks.ts";
import { type ShowRaceBoardDeps, showRaceBoard } from "../service/show-race-board.ts";

/** Shows a lobby in its channel as it is now. A repeat shows the same. */
export const handler = taskWorker(raceBoardDue, ({ lobbyId }, deps: ShowRaceBoardDeps) =>
  showRaceBoard(lobbyId, deps),
);
