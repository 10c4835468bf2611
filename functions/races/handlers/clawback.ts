import { subscriber } from "../../../shared/runtime/subscriber.ts";
import type { Deps } from "../deps.ts";
import { saleRefunded } from "../events/sale.ts";
import { scheduleClawbackNotice } from "../service/race-notices.ts";
import { type ReportForeignDeps, reportForeign } from "../service/report-foreign.ts";
import { type ScheduleRaceBoardDeps, scheduleRaceBoard } from "../service/schedule-race-board.ts";

type ClawbackDeps = ScheduleRaceBoardDeps & ReportForeignDeps & Pick<Deps, "sales">;

/**
 * A part of a sale was taken back, or comes back after a dispute: shares and platform give, or get, in
 * proportion, also what was paid out already.
 *
 * Twice: of one refund the latest turn and its largest amount count, once. Before its sale: it waits
 * below the sale's id. In any order: only the sum decides. Dying after the booking: the next try shows
 * it. In another currency it takes nothing, and the operators are told.
 */
export const handler = subscriber(saleRefunded, async (event, deps: ClawbackDeps) => {
  const { saleId, refundId, ...refund } = event;
  const sale = await deps.sales.refund({ ...refund, saleId, id: refundId }, deps.clock.now());
  if (!sale) deps.log.info("A refund waits for its sale", { sale: saleId });
  if (sale && sale.currency !== refund.currency) await reportForeign(sale, [refundId], deps);
  if (sale && sale.refunded > 0) await scheduleClawbackNotice(event, deps);
  const lobbyIds = sale?.windows.map(({ lobbyId }) => lobbyId) ?? [];
  await Promise.all(lobbyIds.map((lobbyId) => scheduleRaceBoard(lobbyId, deps)));
});
