import {
  type ReconcileDeps,
  type Reconciliation,
  reconcile,
} from "../../functions/payments/service/reconcile.ts";
import { describeError } from "../../shared/runtime/errors.ts";

const HOUR_MS = 3_600_000;
const MISSED_HOURS = 24;

/**
 * Compares orders and payouts with Stripe for the last hours, and repairs what it can. A refund from any shop
 * that has waited for its sale for more than a day also counts as a difference.
 */
export async function reconcileHours(hours: number, deps: ReconcileDeps): Promise<Reconciliation> {
  const nowMs = deps.clock.now().getTime();
  const result = await reconcile(new Date(nowMs - hours * HOUR_MS), deps);
  const missed = (await deps.sales.missed())
    .filter(({ since }) => since.getTime() <= nowMs - MISSED_HOURS * HOUR_MS)
    .map(({ saleId, since }) => {
      const what = `A refund of it has been waiting for its sale since ${since.toISOString()}.`;
      return { id: saleId, orderId: undefined, what, isRepaired: false };
    });
  return { ...result, differences: [...result.differences, ...missed] };
}

/** Prints what was compared and what differed. */
export function printReconciliation(
  { compared, differences, unread }: Reconciliation,
  say: (line: string) => void,
): void {
  const { sessions, refunds, transfers, disputes } = compared;
  say(
    `${sessions} Checkout Sessions, ${refunds} refunds, ${transfers} transfers and ${disputes} disputes compared.`,
  );
  for (const { id, orderId, what, isRepaired } of differences) {
    const order = orderId === undefined ? "" : `  order ${orderId}:`;
    say(`${isRepaired ? "repaired" : "NEEDS YOU"}  ${id}${order}  ${what}`);
  }
  const open = differences.filter(({ isRepaired }) => !isRepaired).length;
  for (const error of unread) say(`NOT READ   ${describeError(error)}`);
  if (differences.length === 0) say("Nothing differed.");
  else say(`${differences.length - open} repaired, ${open} need you.`);
}
