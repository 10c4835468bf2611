import { type SaleMade, saleMade } from "../../shared/events/sale.ts";
import {
  type ScheduleRaceBoardDeps,
  scheduleRaceBoard,
} from "../../shared/race/schedule-race-board.ts";
import type { Deps } from "../../shared/runtime/deps.ts";
import { keepForOperators } from "../../shared/runtime/keep-for-operators.ts";
import { subscriber } from "../../shared/runtime/subscriber.ts";

type CommissionDeps = ScheduleRaceBoardDeps & Pick<Deps, "sales" | "config" | "publisher" | "log">;

/**
 * A sale, wherever it was made: what of it is whose goes into the ledger.
 *
 * Twice: it is booked once under its id, and a repeat with another amount goes to the dead letters.
 * Late, or after its refund: it is shared by the windows and rosters at the provider's time, and what
 * was refunded before is taken off at once, unless it is in another currency: the operators are told. Dying after the booking: the next try shows it.
 */
export const handler = subscriber(saleMade, async (event, deps: CommissionDeps) => {
  const { soldAtMs, toldAtMs, lobbyId, ...sale } = event;
  const toldAt = toldAtMs === undefined ? undefined : new Date(toldAtMs);
  const { windows, foreignRefundIds } = await deps.sales.book(
    { ...sale, lobbyId, soldAt: new Date(soldAtMs), toldAt },
    { holdDays: deps.config.SHARE_HOLD_DAYS, now: deps.clock.now() },
  );
  if (foreignRefundIds.length > 0) await reportForeign(sale, foreignRefundIds, deps);
  await Promise.all(windows.map((window) => scheduleRaceBoard(window.lobbyId, deps)));
});

/** The sale stays booked; what could not be taken off it is told once, under an id of its own. */
async function reportForeign(
  { id, currency }: Pick<SaleMade, "id" | "currency">,
  refundIds: readonly string[],
  deps: CommissionDeps,
): Promise<void> {
  const letter = {
    id: `commission.foreign-refund.${id}`,
    functionName: "commission",
    reason: `Refunds of ${id} are not in its currency and were not taken off. Look them up there.`,
    attributes: {},
    body: JSON.stringify({ sale: id, currency, refunds: refundIds }),
    isReport: true,
  };
  deps.log.error("Refunds are not in their sale's currency", undefined, { sale: id });
  if (!(await keepForOperators(letter, deps))) throw new Error("Foreign refunds were not reported");
}
