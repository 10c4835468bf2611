import type { NotifyDeps } from "../../../shared/discord/sending/notify.ts";
import type { ReturningDeps } from "../../shop/money/returning.ts";
import type { Deps } from "../deps.ts";
import type { PostRaceBoardDeps } from "../service/show-race-board.ts";
import type { WindowEndDeps } from "../service/window-end.ts";

/** Everything the control of races needs; each part takes less. */
export type ControlDeps = PostRaceBoardDeps &
  WindowEndDeps &
  ReturningDeps &
  NotifyDeps &
  Pick<Deps, "raceCommands" | "builders" | "hosts" | "users">;
