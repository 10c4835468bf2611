import { type ReconcileDeps, type Reconciliation, reconcile } from "../../shared/shop/reconcile.ts";

const HOUR_MS = 3_600_000;

/** Compares orders and payouts with Stripe for the last hours, and repairs what it can. */
export function reconcileHours(hours: number, deps: ReconcileDeps): Promise<Reconciliation> {
  const since = new Date(deps.clock.now().getTime() - hours * HOUR_MS);
  return reconcile(since, deps);
}

/** Says what was compared and what differed. */
export function printReconciliation(
  { compared, differences }: Reconciliation,
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
  if (differences.length === 0) say("Nothing differed.");
  else say(`${differences.length - open} repaired, ${open} need you.`);
}
