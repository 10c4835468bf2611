import { saleMade } from "../../shared/events/sale.ts";
import {
  type ScheduleRaceBoardDeps,
  scheduleRaceBoard,
} from "../../shared/race/schedule-race-board.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";

type CommissionDeps = ScheduleRaceBoardDeps & Pick<Deps, "sales" | "config">;

/**
 * A sale, wherever it was made: what of it is whose goes into the ledger.
 *
 * Twice: it is booked once under its id, and a repeat with another amount goes to the dead letters.
 * Late, or after its refund: it is shared by the windows and rosters at the provider's time, and what
 * was refunded before is taken off at once. Dying after the booking: the next try shows it.
 */
export const handler = subscriber(saleMade, async (event, deps: CommissionDeps) => {
  const { soldAtMs, lobbyId, ...sale } = event;
  const { windows } = await deps.sales.book(
    { ...sale, lobbyId, soldAt: new Date(soldAtMs) },
    { holdDays: deps.config.SHARE_HOLD_DAYS, now: deps.clock.now() },
  );
  await Promise.all(windows.map((window) => scheduleRaceBoard(window.lobbyId, deps)));
});
