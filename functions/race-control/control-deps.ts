import type { NotifyDeps } from "../../shared/messages/notify.ts";
import type { ReturningDeps } from "../../shared/privacy/returning.ts";
import type { PostRaceBoardDeps } from "../../shared/race/show-race-board.ts";
import type { WindowEndDeps } from "../../shared/race/window-end.ts";
import type { Deps } from "../../shared/runtime/deps.ts";

/** Everything the control of races needs; each part takes less. */
export type ControlDeps = PostRaceBoardDeps &
  WindowEndDeps &
  ReturningDeps &
  NotifyDeps &
  Pick<Deps, "raceCommands" | "builders" | "hosts" | "users">;
