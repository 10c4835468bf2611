import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import type { Deps } from "../deps.ts";
import type { Reversal } from "../store/debt-document.ts";
import type { DueDebt } from "../store/debts.ts";

/** What collecting debts needs. */
export type CollectDeps = Pick<Deps, "debts" | "stripe" | "clock" | "log">;

/**
 * Takes back what a builder owes for an order from what they were sent for it. If their account has less available, it
 * takes what is there, unless all or nothing is requested; the rest is tried again in a day, or withheld from their
 * next transfer. Returns what is still owed. While a transfer of the order is under way, it waits for the outcome.
 *
 * Idempotency: a decided reversal continues under its number, and is looked for at Stripe before it is made. Crash
 * safety: the debt is marked as due, and the sweeper continues.
 */
export async function collectDebt(
  debt: DueDebt,
  deps: CollectDeps,
  { isAllOrNothing = false } = {},
): Promise<number> {
  const all = await collect(debt, deps);
  if (isAllOrNothing || !all.triedId) return all.left;
  const available = await availableAt(all.triedId, deps);
  return available > 0 ? (await collect(debt, deps, available)).left : all.left;
}

interface Collected {
  readonly left: number;
  /** The newest transfer, where nothing could be taken of any. */
  readonly triedId?: string | undefined;
}

async function collect(debt: DueDebt, deps: CollectDeps, most?: number): Promise<Collected> {
  const { debts, clock } = deps;
  const decided = await debts.beginReversal(debt.builderId, debt.id, most);
  if (decided.outcome === "settled") return { left: 0 };
  if (decided.outcome !== "reverse") {
    await debts.postpone(debt, clock.now());
    return { left: Number.POSITIVE_INFINITY };
  }
  const { reversal, transferIds } = decided;
  const taken = await reverse(debt, reversal, transferIds, deps);
  const left = await debts.endReversal(debt, reversal, taken, clock.now());
  return taken > 0 ? { left } : { left, triedId: transferIds.at(-1) };
}

/** How much could be taken back: of the newest transfer first, as far as there is money in the account. */
async function reverse(
  { id }: DueDebt,
  { attempt, amount }: Reversal,
  transferIds: readonly string[],
  { stripe, log }: CollectDeps,
): Promise<number> {
  let taken = 0;
  for (const transferId of transferIds.toReversed()) {
    if (taken === amount) break;
    try {
      const causeId = `${id}:${attempt}`;
      taken += await stripe.reverseTransfer(transferId, { causeId, amount: amount - taken });
    } catch (error) {
      if (!isOutOfReach(error)) throw error;
      log.warn("A transfer could not be reversed", { debt: id, transfer: transferId });
      break;
    }
  }
  return taken;
}

/** What the account that a transfer went to has available. */
async function availableAt(transferId: string, { stripe }: CollectDeps): Promise<number> {
  try {
    return await stripe.availableAt(transferId);
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    return 0;
  }
}

function isOutOfReach(error: unknown): boolean {
  return error instanceof StripeRefusedError && (error.isLackOfBalance || error.isLostAccount);
}
