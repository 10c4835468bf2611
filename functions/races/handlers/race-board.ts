import { taskWorker } from "../../../shared/runtime/delivery/task-worker.ts";
import { raceBoardDue } from "../events/race-tasks.ts";
import { type ShowRaceBoardDeps, showRaceBoard } from "../service/show-race-board.ts";

/** Updates a lobby's message in its channel. Idempotency: a second run shows the same. */
export const handler = taskWorker(raceBoardDue, ({ lobbyId }, deps: ShowRaceBoardDeps) =>
  showRaceBoard(lobbyId, deps),
);
