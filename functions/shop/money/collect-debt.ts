import { StripeRefusedError } from "../../../shared/clients/stripe/errors.ts";
import type { Deps } from "../deps.ts";
import { type Reversal, stepOf } from "../domain/debt.ts";
import type { DueDebt } from "../store/refunds/debt-document.ts";

/** Dependencies of `collectDebt`. */
export type CollectDeps = Pick<Deps, "debts" | "stripe" | "clock" | "log">;

/** A reversal was decided long ago, and another run may still be making it. */
class ReversalInDoubtError extends Error {
  override name = "ReversalInDoubtError";
}

/**
 * Collects a debt by reversing the transfers of its order. If the builder's account has less available, it takes
 * what is there, unless `isAllOrNothing` is set; the rest is tried again in a day, or withheld from the builder's
 * next transfer. Returns the amount still owed, in minor units; Infinity if nothing could be tried because a
 * transfer of the order is under way or none was made.
 *
 * Idempotency: a reversal that was decided keeps its attempt number, and the client looks for it at Stripe before
 * it makes one. Crash safety: the debt stays due until all that is available is taken, so the sweeper continues. A
 * reversal whose outcome nobody recorded is made for half a day, while Stripe remembers whether it refused it. After
 * that it is only looked for, so it is not made beside the next one. For half an hour in between, this throws
 * ReversalInDoubtError, and the delivery or the sweeper tries again.
 */
export async function collectDebt(
  debt: DueDebt,
  deps: CollectDeps,
  { isAllOrNothing = false } = {},
): Promise<number> {
  const left = await collectAvailable(debt, deps, isAllOrNothing);
  if (left > 0) await deps.debts.postpone(debt, deps.clock.now());
  return left;
}

async function collectAvailable(
  debt: DueDebt,
  deps: CollectDeps,
  isAllOrNothing: boolean,
): Promise<number> {
  const all = await collect(debt, deps);
  if (all.canGoOn) return collectAvailable(debt, deps, isAllOrNothing);
  if (isAllOrNothing || !all.triedId) return all.left;
  const available = await availableAt(all.triedId, deps);
  return available > 0 ? (await collect(debt, deps, available)).left : all.left;
}

interface Collected {
  readonly left: number;
  /** The newest transfer; set when nothing could be reversed. */
  readonly triedId?: string | undefined;
  /**
   * Another reversal may take more: this one was of a part, or of one of several transfers, or was given up because it
   * had been decided long ago.
   */
  readonly canGoOn?: boolean;
}

async function collect(debt: DueDebt, deps: CollectDeps, most?: number): Promise<Collected> {
  const { debts, clock } = deps;
  const decided = await debts.beginReversal(debt.builderId, debt.id, clock.now(), most);
  if (decided.outcome === "settled") return { left: 0 };
  if (decided.outcome !== "reverse") return { left: Number.POSITIVE_INFINITY };
  const { reversal, transferIds } = decided;
  const step = stepOf(reversal, clock.now());
  if (step === "wait") {
    throw new ReversalInDoubtError(`Reversal ${reversal.attempt} of debt ${debt.id} is in doubt.`);
  }
  const finish = step === "make" ? reverse : find;
  const taken = await finish(debt, reversal, transferIds, deps);
  const left = await debts.endReversal(debt, reversal, taken);
  if (taken === 0 && step === "make") return { left, triedId: transferIds.at(-1) };
  return { left, canGoOn: left > 0 };
}

/** The amount of a reversal that is no longer made; 0 if it never was. */
function find(
  { id }: DueDebt,
  { attempt }: Reversal,
  transferIds: readonly string[],
  { stripe }: CollectDeps,
): Promise<number> {
  return stripe.amountReversedFor(transferIds, `${id}:${attempt}`);
}

/**
 * Makes one reversal of the newest transfer that has something left. Returns the reversed amount, 0 if the account has
 * too little.
 */
async function reverse(
  { id }: DueDebt,
  { attempt, amount }: Reversal,
  transferIds: readonly string[],
  { stripe, log }: CollectDeps,
): Promise<number> {
  try {
    return await stripe.reverseTransfer(transferIds, { causeId: `${id}:${attempt}`, amount });
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    log.warn("A transfer could not be reversed", { debt: id, transfers: transferIds });
    return 0;
  }
}

/** The available balance of the account that received a transfer; 0 if the account is gone. */
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
