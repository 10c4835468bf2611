import { subscriber } from "../../../shared/runtime/delivery/subscriber.ts";
import type { Deps } from "../deps.ts";
import { saleRefunded } from "../events/sale.ts";
import { scheduleClawbackNotice } from "../service/race-notices.ts";
import { type ReportForeignDeps, reportForeign } from "../service/report-foreign.ts";
import { type ScheduleRaceBoardDeps, scheduleRaceBoard } from "../service/schedule-race-board.ts";

type ClawbackDeps = ScheduleRaceBoardDeps & ReportForeignDeps & Pick<Deps, "sales">;

/**
 * Books that a part of a sale was taken back, or came back after a dispute: the racers' shares and the platform's
 * part change in proportion, including what was already paid out.
 *
 * Idempotency: of each refund, the largest amount of its latest turn counts once. Order: refunds may arrive in any
 * order, because only their sum counts; one that arrives before its sale waits under the sale's id. Crash safety:
 * after a crash behind the booking, the next try updates the boards. A refund in another currency takes nothing,
 * and the operators are notified.
 */
export const handler = subscriber(saleRefunded, async (event, deps: ClawbackDeps) => {
  const { saleId, refundId, ...refund } = event;
  const sale = await deps.sales.refund({ ...refund, saleId, id: refundId }, deps.clock.now());
  if (!sale) deps.log.info("A refund waits for its sale", { sale: saleId });
  if (sale && sale.currency !== refund.currency) await reportForeign(sale, [refundId], deps);
  if (sale) await scheduleClawbackNotice(event, deps);
  const lobbyIds = sale?.windows.map(({ lobbyId }) => lobbyId) ?? [];
  await Promise.all(lobbyIds.map((lobbyId) => scheduleRaceBoard(lobbyId, deps)));
});
