import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import type { Deps } from "../deps.ts";
import { saleMade } from "../events/sale.ts";
import { scheduleReleaseNotice } from "../service/race-notices.ts";
import { type ReportForeignDeps, reportForeign } from "../service/report-foreign.ts";
import { type ScheduleRaceBoardDeps, scheduleRaceBoard } from "../service/schedule-race-board.ts";

type CommissionDeps = ScheduleRaceBoardDeps & ReportForeignDeps & Pick<Deps, "sales" | "config">;

/**
 * Books a sale from any provider: the ledger records each racer's share.
 *
 * Idempotency: a sale is booked once under its id; a repeat with another amount becomes a dead letter. Lateness: a
 * sale is shared by the windows and rosters at the provider's time. Refunds that arrived before are subtracted at
 * once, except those in another currency, of which the operators are notified. Crash safety: after a crash behind
 * the booking, the next try updates the boards and schedules the notice of the shares' release.
 */
export const handler = subscriber(saleMade, async (event, deps: CommissionDeps) => {
  const { soldAtMs, notifiedAtMs, lobbyId, ...sale } = event;
  const notifiedAt = notifiedAtMs === undefined ? undefined : new Date(notifiedAtMs);
  const { windows, availableAt, foreignRefundIds } = await deps.sales.book(
    { ...sale, lobbyId, soldAt: new Date(soldAtMs), notifiedAt },
    { holdDays: deps.config.SHARE_HOLD_DAYS, now: deps.clock.now() },
  );
  if (foreignRefundIds.length > 0) await reportForeign(sale, foreignRefundIds, deps);
  const later = windows.map(async ({ lobbyId: id }) => {
    await scheduleRaceBoard(id, deps);
    await scheduleReleaseNotice(id, availableAt, deps);
  });
  await Promise.all(later);
});
