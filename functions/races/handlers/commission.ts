import { subscriber } from "../../../shared/runtime/subscriber.ts";
import type { Deps } from "../deps.ts";
import { saleMade } from "../events/sale.ts";
import { type ReportForeignDeps, reportForeign } from "../service/report-foreign.ts";
import { type ScheduleRaceBoardDeps, scheduleRaceBoard } from "../service/schedule-race-board.ts";

type CommissionDeps = ScheduleRaceBoardDeps & ReportForeignDeps & Pick<Deps, "sales" | "config">;

/**
 * A sale, wherever it was made: what of it is whose goes into the ledger.
 *
 * Twice: it is booked once under its id, and a repeat with another amount goes to the dead letters.
 * Late, or after its refund: it is shared by the windows and rosters at the provider's time, and what
 * was refunded before is taken off at once, unless it is in another currency: the operators are told.
 * Dying after the booking: the next try shows it.
 */
export const handler = subscriber(saleMade, async (event, deps: CommissionDeps) => {
  const { soldAtMs, notifiedAtMs, lobbyId, ...sale } = event;
  const notifiedAt = notifiedAtMs === undefined ? undefined : new Date(notifiedAtMs);
  const { windows, foreignRefundIds } = await deps.sales.book(
    { ...sale, lobbyId, soldAt: new Date(soldAtMs), notifiedAt },
    { holdDays: deps.config.SHARE_HOLD_DAYS, now: deps.clock.now() },
  );
  if (foreignRefundIds.length > 0) await reportForeign(sale, foreignRefundIds, deps);
  await Promise.all(windows.map((window) => scheduleRaceBoard(window.lobbyId, deps)));
});
